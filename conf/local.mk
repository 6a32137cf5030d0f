sampledir = $(datadir)/gatehouse/conf
dist_sample_DATA = conf/gatehouse.conf conf/headers.conf conf/nginx.conf.in
systemddir = $(datadir)/gatehouse/systemd
dist_systemd_DATA = \
	conf/systemd/gatehouse-admin.socket \
	conf/systemd/gatehouse-fcgi.socket \
	conf/systemd/gatehouse-web.socket

# The units name the programs where this configuration installs them.
UNITS = conf/systemd/gatehouse-runner.service conf/systemd/gatehouse-web.service
nodist_systemd_DATA = $(UNITS)
EXTRA_DIST += conf/systemd/gatehouse-runner.service.in conf/systemd/gatehouse-web.service.in
CLEANFILES += $(UNITS)
$(UNITS): Makefile $(srcdir)/conf/systemd/gatehouse-runner.service.in $(srcdir)/conf/systemd/gatehouse-web.service.in
	$(AM_V_GEN)$(MKDIR_P) conf/systemd && sed 's|@sbindir[@]|$(sbindir)|g' $(srcdir)/$@.in > $@.tmp && mv $@.tmp $@
