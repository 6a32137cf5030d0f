SELECT n FROM matrix_change
