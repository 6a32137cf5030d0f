DELETE FROM {schema}.gatehouse_batch WHERE tracking = '{table}' AND migration = :key
