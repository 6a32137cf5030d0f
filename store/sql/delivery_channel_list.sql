SELECT DISTINCT channel FROM delivery ORDER BY channel
