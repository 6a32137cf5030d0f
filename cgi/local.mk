# sources, programs and tests of cgi
