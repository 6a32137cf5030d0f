# What nginx serves under /static/: our own files, with htmx and the icons from npm (package-lock.json).
STATIC_OWN = static/app.js static/error.html static/favicon.svg static/icons.txt static/theme.js \
	static/css/backup.css static/css/base.css static/css/components.css static/css/layout.css static/css/lint.css static/css/lists.css static/css/live.css static/css/pages.css \
	static/css/run.css static/css/tokens.css

EXTRA_DIST += $(STATIC_OWN) package.json package-lock.json .npmrc tools/build-assets.mjs tools/lint-templates.mjs
CLEANFILES += assets.stamp assets/gatehouse.css assets/htmx.min.js assets/icons.svg assets/app.js assets/theme.js \
	assets/favicon.svg assets/error.html

# node_modules of the source folder when it is there; else one of the build folder, by lock file.
assets.stamp: $(STATIC_OWN) package-lock.json tools/build-assets.mjs
	$(AM_V_GEN)modules=$(abs_top_srcdir)/node_modules; \
	if test ! -d $$modules/htmx.org || test ! -d $$modules/lucide-static; then \
		$(MKDIR_P) npm && cp $(srcdir)/package.json $(srcdir)/package-lock.json $(srcdir)/.npmrc npm/ && \
		(cd npm && npm ci --omit=dev --silent) && modules=$(abs_top_builddir)/npm/node_modules; \
	fi; \
	node $(srcdir)/tools/build-assets.mjs assets $$modules && touch $@

staticdir = $(datadir)/gatehouse/static
nodist_static_DATA = assets/app.js assets/error.html assets/favicon.svg assets/gatehouse.css assets/htmx.min.js assets/icons.svg \
	assets/theme.js
$(nodist_static_DATA): assets.stamp ;

clean-local:
	rm -rf npm assets
