// Runs before the first paint: the theme that was chosen, if one was.
"use strict";
try {
	const chosen = localStorage.getItem("theme");
	if (chosen === "light" || chosen === "dark")
		document.documentElement.dataset.theme = chosen;
} catch {
	// no storage: the system's preference stands
}
