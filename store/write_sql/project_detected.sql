UPDATE project
   SET detected = :convention, detected_text = :text
 WHERE id = :project AND (detected <> :convention OR detected_text <> :text)
