// SPDX-License-Identifier: GPL-2.0-or-later
//
// page.js SMALL CONTROL LARGE CONTROL PICTURES [PART OF A CASE'S NAME]
//
// p2v-fleetd's page as a person meets it, in Chromium. SMALL and LARGE are the addresses of two
// p2v-fleetd, with some machines and with 500; each CONTROL is that of its tests/props/fleet-data.
// Pictures go into the directory PICTURES. Ends with 1 at the first thing that is wrong.

"use strict";
const assert = require("node:assert/strict");
const { chromium } = require("playwright-core");
const axe = require("axe-core");

const [small, smallControl, large, largeControl, pictures, only = ""] = process.argv.slice(2);
const WIDE = { width: 1280, height: 900 }, PHONE = { width: 390, height: 844 };
const EVIL = "<script>window.bad = 1</script><img src=x onerror='window.bad = 2'><b>&amp;</b>";
const HEADS = ["Machine", "State", "Server", "Read", "Time left", "Since", "What to do"];

const api = async (url, path = "") => (await fetch(`${url}/api/v1/machines${path}`)).json();

async function tell(control, what, object = {}) {
	const answer = await fetch(`${control}/${what}`, { method: "POST", body: JSON.stringify(object) });
	assert.equal(answer.status, 200, `fleet-data ${what} ${JSON.stringify(object)}: ${await answer.text()}`);
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

// The page asks at once, as it does when somebody comes back to it.
const ask = (page) => page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));

// Until it no longer throws; what it threw last is the failure. With a page: that asks now and then,
// not too often: the daemon's list may be a second old.
async function eventually(what, check, page) {
	let asked = 0;
	for (const end = Date.now() + 120000; ;) {
		try {
			return await check();
		} catch (error) {
			if (Date.now() > end)
				throw new Error(`${what}: ${error.message}`, { cause: error });
			if (page && Date.now() > asked + 2000) {
				await ask(page);
				asked = Date.now();
			}
			await pause(100);
		}
	}
}

// Opens the page; what it should not do is collected: errors, requests to others.
async function visit(browser, url, options, path = "/") {
	const context = await browser.newContext({ viewport: WIDE, timezoneId: "Europe/Berlin", ...options });
	const page = await context.newPage(), wrong = [];
	page.setDefaultTimeout(60000);
	page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
	page.on("pageerror", (error) => wrong.push(String(error)));
	page.on("dialog", (dialog) => wrong.push(dialog.message()) && dialog.dismiss());
	page.on("request", (request) => request.url().startsWith(`${url}/`) || wrong.push(`asks ${request.url()}`));
	await page.goto(url + path);
	if (options.javaScriptEnabled !== false)
		await page.waitForSelector("#machines.live");
	return { page, wrong, close: () => context.close() };
}

// What the table shows: of each row that can be seen, the text of its cells.
const cells = (page) => page.$$eval("#rows tr", (rows) => rows.filter((row) => row.offsetParent !== null || row.offsetHeight)
	.map((row) => [...row.cells].map((cell) => cell.innerText.trim().replaceAll(/\s+/g, " "))));
const names = async (page) => (await cells(page)).map((row) => row[0].split(" ")[0]);
const row = (page, name) => page.locator("#rows tr", { has: page.getByRole("button", { name, exact: true }) });

async function expectAccessible(page, what) {
	if (!await page.evaluate(() => "axe" in window))
		await page.evaluate(axe.source);
	const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
	assert.deepEqual(found.violations.map((one) => `${one.id}: ${one.nodes.length} times, ` +
		`${one.nodes[0].html.slice(0, 200)}: ${one.nodes[0].failureSummary}`), [], what);
	assert.ok(found.passes.some((one) => one.id === "color-contrast"), `${what}: contrast was not looked at`);
}

async function expectFits(page, what) {
	const [is, may] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
	assert.ok(is <= may, `${what}: ${is} pixels wide, not ${may}`);
}

const clean = (visited) => assert.deepEqual(visited.wrong, [], "the page did this");

const cases = {
	async "without JavaScript it is a table"(browser) {
		const { machines, counts } = await api(small);
		for (const [name, viewport] of Object.entries({ wide: WIDE, phone: PHONE })) {
			const visited = await visit(browser, small, { javaScriptEnabled: false, viewport });
			const { page } = visited, shown = await cells(page);
			assert.equal(shown.length, machines.length);
			for (const machine of machines) {
				const cell = shown.find((one) => one[0].startsWith(machine.name + " ") || one[0] === machine.name ||
					one[0].startsWith(machine.name + machine.mac));
				assert.ok(cell, `${machine.name} is not in the table`);
				assert.ok(cell[1].startsWith(machine.group), `${machine.name}: ${cell[1]}, not ${machine.group}`);
				assert.ok(!machine.reason || cell[6].includes(machine.reason), `${machine.name}: ${cell[6]}`);
				assert.ok(!machine.workdir || cell[2].includes(machine.workdir), `${machine.name}: ${cell[2]}`);
			}
			const counted = await page.locator("#counts").innerText();
			for (const [group, count] of Object.entries(counts).filter((one) => one[1]))
				assert.match(counted.replaceAll(/\s+/g, " "), new RegExp(`${count} ${group}`));
			assert.deepEqual(await page.locator("#machines thead th").allInnerTexts(), HEADS);
			assert.ok(await page.locator("noscript p").isVisible());
			assert.equal(await page.locator("#tools").isVisible(), false);
			await expectFits(page, name);
			await page.screenshot({ path: `${pictures}/no-script-${name}.png` });
			clean(visited);
			await visited.close();
		}
	},

	async "it shows what the daemon knows"(browser) {
		const visited = await visit(browser, small, {}), { page } = visited;
		const { machines, counts } = await api(small);
		for (const group of ["failed", "given up", "silent", "working", "queued", "expected", "inventory", "converted"])
			assert.ok(counts[group] > 0, `no machine is ${group}: this test looks at less than it should`);
		const shown = new Map((await cells(page)).map((one) => [one[0].split(" ")[0], one]));
		assert.equal(shown.size, machines.length);
		for (const machine of machines) {
			const cell = shown.get(machine.name);
			assert.ok(cell[0].includes(machine.mac) && cell[1].startsWith(machine.group), cell.join(" | "));
			assert.ok(cell[2].includes(machine.server || "") && cell[2].includes(machine.workdir || ""), cell.join(" | "));
			assert.ok(!machine.reason || cell[6].includes(machine.reason), cell.join(" | "));
			if (machine.group === "working" && machine.read !== undefined && machine.used)
				assert.ok(cell[3].startsWith(`${Math.floor(machine.read / machine.used * 100)} % of `), cell[3]);
			if (machine.group === "converted")
				assert.ok(cell[6].endsWith(machine.power === "off" ? "It is off." : machine.power === "on" ?
					"It is still on: turn it off before its guest starts." :
					"Not known whether it is off: turn it off before its guest starts."), cell[6]);
		}
		for (const [group, count] of Object.entries(counts).filter((one) => one[1]))
			assert.ok(await page.getByRole("button", { name: `${count} ${group}`, exact: true }).isVisible(), group);
		// What goes wrong stands above all else, each reason once.
		const wrong = page.getByRole("region", { name: "What goes wrong" });
		for (const reason of new Set(machines.filter((one) => one.group === "failed").map((one) => one.reason)))
			assert.equal(await wrong.locator("li.failed", { hasText: reason }).count(), 1, reason);
		assert.ok((await wrong.boundingBox()).y < (await page.locator("#counts").boundingBox()).y);
		assert.ok((await page.locator("#rows tr").first().getAttribute("class")).startsWith("failed"));
		assert.match(await page.locator("#all").innerText(), /to the end of all|not known yet/);
		assert.match(await page.locator("#fresh").innerText(), /^As of \d\d:\d\d:\d\d; updates by itself\.$/);
		await page.screenshot({ path: `${pictures}/wide.png` });
		clean(visited);
		await visited.close();
	},

	async "anybody can use it: light and dark, wide and phone"(browser) {
		for (const colorScheme of ["light", "dark"])
			for (const [name, viewport] of Object.entries({ wide: WIDE, phone: PHONE })) {
				const visited = await visit(browser, small, { colorScheme, viewport }), { page } = visited;
				const what = `${name}-${colorScheme}`;
				await expectAccessible(page, what);
				await expectFits(page, what);
				await page.screenshot({ path: `${pictures}/${what}.png`, fullPage: true, clip: { ...viewport, x: 0, y: 0,
					height: 2 * viewport.height } });
				await page.getByRole("button", { name: "web1", exact: true }).click();
				await page.getByText("What happened").waitFor();
				await expectAccessible(page, `${what}, one machine`);
				await expectFits(page, `${what}, one machine`);
				await page.screenshot({ path: `${pictures}/${what}-machine.png` });
				clean(visited);
				await visited.close();
			}
	},

	// What a real daemon has for a moment only, or with a real machine: its answer is changed on the way.
	async "what else goes wrong"(browser) {
		const visited = await visit(browser, small, {}), { page } = visited;
		const changes = { web0: { entry: "convert", advice: "its entry could not be written" },
			web3: { power_error: "wrong password of its BMC" } };
		await page.route("**/api/v1/machines", async (route) => {
			const response = await route.fetch(), json = await response.json();
			for (const machine of json.machines)
				Object.assign(machine, changes[machine.name]);
			await route.fulfill({ response, json });
		});
		await eventually("it is told", async () => {
			const twice = page.locator("#wrong li", { has: page.getByRole("button", { name: "web0", exact: true }) });
			assert.match(await twice.innerText(), /^converted: its entry could not be written web0/);
			assert.match(await row(page, "web0").innerText(), /Its entry could not be written\. It is off\./);
			const power = page.locator("#wrong li", { has: page.getByRole("button", { name: "web3", exact: true }) });
			assert.match(await power.innerText(), /^power: wrong password of its BMC web3/);
			assert.match(await row(page, "web3").innerText(), /Its power could not be switched: wrong password of its BMC\./);
		}, page);
		// A click on the name opens it from there, too.
		await page.locator("#wrong").getByRole("button", { name: "web3", exact: true }).click();
		await page.getByRole("dialog", { name: "web3" }).waitFor();
		clean(visited);
		await visited.close();
	},

	async "filter and sort, by mouse and by address"(browser) {
		const visited = await visit(browser, small, {}), { page } = visited, { machines } = await api(small);
		const total = machines.length, failed = machines.filter((one) => one.group === "failed").map((one) => one.name);
		const find = page.getByRole("searchbox", { name: "Find" });
		const expectNames = async (expected) => assert.deepEqual((await names(page)).sort(), [...expected].sort());
		await find.fill("WEB12");
		await expectNames(["web12"]);
		await page.getByText(`1 of ${total} machines`).waitFor();
		await find.fill("52-54-00-00-00-05");
		await expectNames(["web5"]);
		await find.fill("");
		const button = page.getByRole("button", { name: `${failed.length} failed`, exact: true });
		await button.click();
		await expectNames(failed);
		assert.equal(await button.getAttribute("aria-pressed"), "true");
		await find.fill("no-such-thing");
		await expectNames([]);
		await find.fill("");
		// A reload, or the link in somebody else's browser, shows the same.
		await page.reload();
		await page.waitForSelector("#machines.live");
		await expectNames(failed);
		await button.click();
		await expectNames(machines.map((one) => one.name));
		const head = page.getByRole("columnheader", { name: "Machine" });
		const byName = machines.map((one) => one.name).sort((a, b) => a.slice(3) - b.slice(3));
		await head.getByRole("button").click();
		assert.deepEqual(await names(page), byName);
		assert.equal(await head.getAttribute("aria-sort"), "ascending");
		await head.getByRole("button").click();
		assert.deepEqual(await names(page), byName.reverse());
		assert.equal(await head.getAttribute("aria-sort"), "descending");
		// What is not known comes last, whichever way.
		for (let i = 0; i < 2; i++) {
			await page.getByRole("columnheader", { name: "Read" }).getByRole("button").click();
			const done = (await cells(page)).map((one) => one[3]).map((text) => / % of /.test(text));
			assert.ok(done.includes(true) && done.includes(false) && done.lastIndexOf(true) < done.indexOf(false));
		}
		clean(visited);
		await visited.close();
	},

	async "by keyboard alone"(browser) {
		const visited = await visit(browser, small, {}), { page } = visited;
		const focused = () => page.evaluate(() => document.activeElement.innerText || document.activeElement.id);
		const reached = [];
		const tabTo = async (what) => {
			for (let i = 0; i < 200; i++) {
				await page.keyboard.press("Tab");
				reached.push(await focused());
				if (reached.at(-1) === what)
					return;
			}
			assert.fail(`${what} is not reached: ${reached.join(", ")}`);
		};
		await tabTo("find");
		await page.keyboard.type("web2");
		assert.ok((await names(page)).every((name) => name.startsWith("web2")));
		await tabTo("Machine");
		await page.keyboard.press("Enter");
		assert.equal(await page.getByRole("columnheader", { name: "Machine" }).getAttribute("aria-sort"), "ascending");
		await tabTo("web2");
		const ring = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
		assert.equal(ring, "solid", "where the keyboard is cannot be seen");
		await page.keyboard.press("Enter");
		await page.getByRole("dialog", { name: "web2" }).waitFor();
		assert.equal(await focused(), "Close");
		await page.keyboard.press("Escape");
		await eventually("the focus is back", async () => assert.equal(await focused(), "web2"));
		clean(visited);
		await visited.close();
	},

	async "reports come in: what has changed changes, and nothing else"(browser) {
		const visited = await visit(browser, small, {}), { page } = visited;
		await page.getByRole("button", { name: "web1", exact: true }).focus();
		await page.evaluate(() => {
			window.kept = [...document.querySelectorAll("#rows tr")];
		});
		await tell(smallControl, "report", { machine: 1, state: "converting", read: 0.505, step: "copying disk 1 of 1" });
		// By itself: nobody asks.
		await eventually("its bar", async () => {
			assert.match(await row(page, "web1").innerText(), /50 % of/);
			assert.equal(await row(page, "web1").getByRole("progressbar").getAttribute("value"), "0.505");
		});
		await tell(smallControl, "report", { machine: 1, state: "failed", code: 1, reason: "the store burns" });
		await eventually("its failure", async () => {
			assert.match(await row(page, "web1").innerText(), /failed[^]*the store burns/);
			assert.ok(await page.locator("#wrong li", { hasText: "the store burns" }).isVisible());
			assert.match(await page.locator("#news").textContent(), /^web1 failed: the store burns/);
		}, page);
		assert.equal(await page.evaluate(() => document.activeElement.innerText), "web1", "the focus was lost");
		assert.ok(await page.evaluate(() => window.kept.every((one) => one.isConnected)), "rows were made anew");
		await tell(smallControl, "report", { machine: 1, state: "inventory", again: true });
		await tell(smallControl, "report", { machine: 1, state: "converting", read: 1 });
		await tell(smallControl, "report", { machine: 1, state: "done", read: 1, code: 0 });
		await eventually("its end", async () =>
			assert.match(await row(page, "web1").innerText(), /converted[^]*turn it off/), page);
		assert.equal(await page.locator("#wrong li", { hasText: "the store burns" }).count(), 0);
		// Its history has both tries.
		await page.getByRole("button", { name: "web1", exact: true }).click();
		const dialog = page.getByRole("dialog", { name: "web1" });
		await eventually("its history", async () => {
			const text = await dialog.innerText(), { workdir, server } = await api(small, "/52:54:00:00:00:01");
			assert.match(text, /Tries so far[^]*failed \(1\)[^]*the store burns/);
			assert.match(text, /Tries so far[^]*converted/);
			assert.ok(text.includes(`on ${server} in ${workdir}`), text);
		});
		clean(visited);
		await visited.close();
	},

	async "what a machine says is never markup"(browser) {
		await tell(smallControl, "report", { machine: 2, state: "failed", code: 1, reason: EVIL, model: EVIL });
		await eventually("it is told", async () =>
			assert.equal((await api(small)).machines.filter((one) => one.reason === EVIL && one.model === EVIL).length, 1));
		for (const javaScriptEnabled of [true, false]) {
			const visited = await visit(browser, small, { javaScriptEnabled }), { page } = visited;
			const text = await page.locator("#rows").innerText();
			assert.equal(text.split(EVIL).length - 1, 2, text);
			assert.equal(await page.locator("main img, main script, #rows b").count(), 0);
			if (javaScriptEnabled) {
				await page.getByRole("button", { name: "web2", exact: true }).first().click();
				await page.getByText("What happened").waitFor();
				assert.equal(await page.locator("dialog img, dialog script, dialog b").count(), 0);
				assert.ok((await page.getByRole("dialog").innerText()).includes(EVIL));
				assert.equal(await page.evaluate(() => window.bad), undefined);
			}
			clean(visited);
			await visited.close();
		}
		// And if it were, the browser would be told not to run it.
		const policy = (await fetch(small)).headers.get("content-security-policy");
		assert.match(policy, /default-src 'none'/);
		assert.doesNotMatch(policy, /unsafe|\*/);
		const nonces = [await fetch(small), await fetch(small)].map((one) =>
			one.headers.get("content-security-policy").match(/'nonce-([^']+)'/)[1]);
		assert.notEqual(nonces[0], nonces[1], "a nonce was used twice");
	},

};

const casesOf500 = {
	async "an old page never looks fresh"(browser) {
		const { page, close } = await visit(browser, large, {});
		const expectStale = (why) => eventually("it says that it is old", async () => {
			const alert = page.getByRole("alert");
			assert.ok(await alert.isVisible());
			assert.match(await alert.innerText(), why);
			assert.match(await page.title(), /^OLD: /);
			assert.equal(await page.locator("#fresh").innerText(), "");
			assert.equal(await page.locator("#all").isVisible(), false);
			assert.match(await page.locator("#stale").innerText(), /What stands here is from \d\d:\d\d:\d\d.*ago/s);
		});
		const expectFresh = (asks) => eventually("it is up to date again", async () => {
			assert.equal(await page.getByRole("alert").count(), 0);
			assert.doesNotMatch(await page.title(), /OLD/);
			assert.match(await page.locator("#fresh").innerText(), /updates by itself/);
		}, asks && page);
		await expectFresh();
		await tell(largeControl, "stop");
		await expectStale(/it cannot be reached/);
		await page.getByRole("button", { name: "web3", exact: true }).first().click();
		assert.ok(await page.locator("dialog .stale-too").isVisible(), "the dialog covers it");
		await page.keyboard.press("Escape");
		await tell(largeControl, "start");
		// By itself, although it asks less and less often.
		await expectFresh();
		await tell(largeControl, "pause");
		await ask(page);
		await expectStale(/no answer within/);
		await tell(largeControl, "start");
		await expectFresh(true);
		const nonsense = { "it answers with status 503": { status: 503, body: "no" }, "is not understood": { body: "<html>" },
			"not understood": { contentType: "application/json", body: "{\"machines\": 3}" },
			"answer is not understood": { contentType: "application/json",
				body: "{\"now\": \"2026-11-28T09:00:00Z\", \"machines\": [{\"mac\": \"1\", \"warnings\": 3}]}" } };
		for (const [why, answer] of Object.entries(nonsense)) {
			await page.route("**/api/v1/machines", (route) => route.fulfill(answer));
			await ask(page);
			await expectStale(new RegExp(why));
			if (answer.status) {
				await page.screenshot({ path: `${pictures}/old.png` });
				await expectAccessible(page, "old");
			}
			await page.unroute("**/api/v1/machines");
			await expectFresh(true);
		}
		await close();
	},

	async "500 machines"(browser) {
		const { machines } = await api(large);
		assert.equal(machines.length, 500);
		const visited = await visit(browser, large, {}), { page } = visited;
		assert.deepEqual((await names(page)).sort(), machines.map((one) => one.name).sort());
		assert.ok(await page.locator("#wrong li").count() <= 20, "what goes wrong fills the screen");
		await page.evaluate(() => {
			window.kept = [...document.querySelectorAll("#rows tr")];
			window.moved = 0;
			window.tasks = [];
			new MutationObserver((list) => window.moved += list.length).observe(document.getElementById("rows"),
				{ childList: true });
			new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((one) => Math.round(one.duration))))
				.observe({ type: "longtask" });
		});
		// It goes up in the list, and down again.
		for (const [told, shown] of [[{ state: "failed", code: 1, reason: "the store burns" }, /the store burns/],
			[{ state: "inventory", again: true }, /working/]]) {
			await tell(largeControl, "report", { machine: 5, ...told });
			await eventually("one of 500", async () => assert.match(await row(page, "web5").innerText(), shown), page);
			const moved = await page.evaluate(() => window.moved);
			assert.ok(moved <= 4, `${moved} rows were moved for one`);
			await page.evaluate(() => window.moved = 0);
		}
		assert.ok(await page.evaluate(() => window.kept.every((one) => one.isConnected)), "rows were made anew");
		await page.getByRole("searchbox", { name: "Find" }).fill("web49");
		assert.equal((await names(page)).length, 11);
		await page.screenshot({ path: `${pictures}/500.png` });
		console.log(`   tasks of more than 50 ms, in ms: ${(await page.evaluate(() => window.tasks)).join(" ") || "none"}`);
		clean(visited);
		await visited.close();
	},
};

async function main() {
	const browser = await chromium.launch({ executablePath: "/usr/bin/chromium-headless-shell" });
	console.log(`Chromium ${browser.version()}, axe ${axe.version}`);
	// Those of each p2v-fleetd one after the other: they change what it knows.
	const lane = async (...list) => {
		for (const [name, run] of list.filter((one) => one[0].includes(only))) {
			const begin = Date.now();
			try {
				await run(browser);
			} catch (error) {
				throw new Error(`${name}: ${error.message}`, { cause: error });
			}
			console.log(`${name}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
		}
	};
	await Promise.all([lane(...Object.entries(cases)), lane(...Object.entries(casesOf500))]);
	await browser.close();
}

main().catch((error) => {
	console.error(error);
	process.exit(1);
});
