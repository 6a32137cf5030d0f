SELECT bytes
  FROM plan
 WHERE digest = :digest
