UPDATE backup SET going_by = :by, going_way = :way WHERE id = :id AND file <> '' AND state <> 'expired'
