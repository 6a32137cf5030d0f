-- Of each migration the last time that it went through on the nearest target before this one; else its rehearsal.
WITH this AS (
  SELECT r.id, r.direction, r.plan_digest, o.project_id, o.position
    FROM run r JOIN target o ON o.id = r.target_id
   WHERE r.id = :run
), before AS (
  SELECT m.position, x.ended_at - x.started_at AS us, t.name,
         row_number() OVER (PARTITION BY m.position ORDER BY t.position DESC, x.run_id DESC) AS n
    FROM this
    JOIN run_migration m ON m.run_id = this.id
    JOIN target t ON t.project_id = this.project_id AND t.position < this.position AND t.ended_at IS NULL
    JOIN run_migration x ON x.target_id = t.id AND x.key = m.key AND x.state = 'ok' AND x.ended_at IS NOT NULL
    JOIN run y ON y.id = x.run_id AND y.direction = this.direction
), rehearsed AS (
  SELECT s.migration, sum(s.took_us) AS us
    FROM this
    JOIN rehearsal_step s ON s.pass = CASE this.direction WHEN 'up' THEN 1 ELSE 2 END AND s.rehearsal_id =
         (SELECT max(h.id) FROM rehearsal h WHERE h.plan_digest = this.plan_digest AND h.state = 'done')
   GROUP BY s.migration
)
SELECT m.position, coalesce(b.us, h.us, -1),
       CASE WHEN b.us IS NOT NULL THEN b.name WHEN h.us IS NOT NULL THEN 'rehearsal' ELSE '' END
  FROM run_migration m
  LEFT JOIN before b ON b.position = m.position AND b.n = 1
  LEFT JOIN rehearsed h ON h.migration = m.position
 WHERE m.run_id = :run
 ORDER BY m.position
