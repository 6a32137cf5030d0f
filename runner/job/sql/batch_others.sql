SELECT EXISTS (SELECT FROM {schema}.gatehouse_batch WHERE NOT (tracking = '{table}' AND migration = $1 AND direction = $2))
