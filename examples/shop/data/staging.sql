-- What differs on staging: free samples, entered with a price of zero.
INSERT INTO products (category_id, sku, name, description, price_cents) VALUES
    (5, 'SAMPLE-1', 'Sample of the house blend', 'Free with every order.', 0),
    (5, 'SAMPLE-2', 'Sample of green tea', 'Free with every order.', 0);
