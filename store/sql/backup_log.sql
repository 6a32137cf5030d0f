SELECT log FROM backup WHERE id = :id
