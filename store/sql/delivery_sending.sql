SELECT id FROM delivery WHERE state = 'sending' ORDER BY id
