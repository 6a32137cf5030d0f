dist_man_MANS = man/gatehouse.1 man/gatehouse.conf.5 man/gatehouse-job.8 man/gatehouse-runner.8 man/gatehouse-web.8
