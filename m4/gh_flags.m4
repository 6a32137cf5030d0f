# GH_FLAGS(VARIABLE, FLAGS): adds to VARIABLE each flag that the compiler takes without a warning.
AC_DEFUN([GH_FLAGS], [
  for gh_flag in m4_normalize([$2]); do
    AS_VAR_PUSHDEF([gh_cache], [gh_cv_flag_$gh_flag])
    AC_CACHE_CHECK([whether $CC takes $gh_flag], [gh_cache], [
      gh_saved="$CFLAGS"
      CFLAGS="$CFLAGS -Werror $gh_flag"
      AC_LINK_IFELSE([AC_LANG_PROGRAM([], [])], [AS_VAR_SET([gh_cache], [yes])], [AS_VAR_SET([gh_cache], [no])])
      CFLAGS="$gh_saved"
    ])
    AS_VAR_IF([gh_cache], [yes], [$1="$$1 $gh_flag"])
    AS_VAR_POPDEF([gh_cache])
  done
])
