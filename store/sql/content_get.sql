SELECT bytes
  FROM content
 WHERE digest = :digest
