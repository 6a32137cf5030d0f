sampledir = $(datadir)/gatehouse/conf
dist_sample_DATA = conf/gatehouse.conf conf/headers.conf conf/nginx.conf.in
systemddir = $(datadir)/gatehouse/systemd
dist_systemd_DATA = \
	conf/systemd/gatehouse-admin.socket \
	conf/systemd/gatehouse-fcgi.socket \
	conf/systemd/gatehouse-runner.service \
	conf/systemd/gatehouse-web.service \
	conf/systemd/gatehouse-web.socket
