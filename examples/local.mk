# Example projects; the wildcard keeps the list true.
EXTRA_DIST += examples/shop/data/base.sql examples/shop/data/production.sql examples/shop/data/staging.sql
dist-hook: dist-examples
dist-examples:
	$(MKDIR_P) $(distdir)/examples/shop/migrations/verify $(distdir)/examples/photos/migrations \
		$(distdir)/examples/vendors/migrations
	cp $(top_srcdir)/examples/shop/migrations/*.sql $(distdir)/examples/shop/migrations/
	cp $(top_srcdir)/examples/shop/migrations/verify/*.sql $(distdir)/examples/shop/migrations/verify/
	cp $(top_srcdir)/examples/photos/migrations/*.sql $(distdir)/examples/photos/migrations/
	cp $(top_srcdir)/examples/vendors/migrations/*.sql $(distdir)/examples/vendors/migrations/
.PHONY: dist-examples
