DROP TABLE IF EXISTS {schema}.gatehouse_batch
