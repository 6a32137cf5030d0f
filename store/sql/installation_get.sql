SELECT name FROM installation
