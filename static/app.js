// The little that HTML cannot do by itself: the choice of theme, ETags for polling, saying a change of state once.
"use strict";
{
	const root = document.documentElement;
	const button = document.getElementById("theme");
	if (button !== null) {
		button.hidden = false;
		button.addEventListener("click", () => {
			const dark = root.dataset.theme === "dark" ||
				(root.dataset.theme === undefined && matchMedia("(prefers-color-scheme: dark)").matches);
			root.dataset.theme = dark ? "light" : "dark";
			try {
				localStorage.setItem("theme", root.dataset.theme);
			} catch {
				// no storage: the choice lasts as long as the page
			}
		});
	}

	// On a narrow screen the row of pages scrolls: the current one is to be seen.
	document.querySelector(".nav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

	// A page that polls itself asks only for what has changed: 304 leaves everything as it is.
	const tags = new Map();
	document.addEventListener("htmx:config:request", (event) => {
		const request = event.detail.ctx.request;
		const tag = tags.get(request.action);
		request.cache = "no-store";
		if (tag !== undefined)
			request.headers["If-None-Match"] = tag;
	});
	document.addEventListener("htmx:after:request", (event) => {
		const ctx = event.detail.ctx;
		const tag = ctx.response?.headers?.get("ETag");
		if (tag)
			tags.set(ctx.request.action, tag);
		// signed out meanwhile: the place to be is the sign-in page, not a part of it inside this one
		if (ctx.response?.raw?.redirected)
			location.reload();
	});

	// Screen readers hear a change of state once, not every morph.
	const says = document.getElementById("says");
	let said = document.getElementById("live")?.dataset.says;
	document.addEventListener("htmx:after:swap", () => {
		const now = document.getElementById("live")?.dataset.says;
		if (says !== null && now !== undefined && now !== said) {
			said = now;
			says.textContent = now;
			document.title = document.title.replace(/^[^·]*/, (document.querySelector("h1")?.textContent ?? "") + " ");
		}
	});

	// A form goes out once: the second click of a double click is not a second request.
	document.addEventListener("submit", (event) => {
		const form = event.target;
		if (form.method !== "post")
			return;
		if (form.dataset.sent !== undefined)
			event.preventDefault();
		form.dataset.sent = "";
	});
	addEventListener("pageshow", () => {
		for (const form of document.querySelectorAll("form[data-sent]"))
			delete form.dataset.sent;
	});
}
