UPDATE project
   SET detected = :convention, detected_text = :text, found_on = :found_on
 WHERE id = :project AND (detected <> :convention OR detected_text <> :text OR found_on <> :found_on)
