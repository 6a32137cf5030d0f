// What SARIF 2.1.0 asks of the parts that gatehouse writes: which properties an object may have, which it must have,
// and what their values are.  Gives the list of what is wrong.
const text = (v) => typeof v === 'string';
const whole = (least) => (v) => Number.isInteger(v) && v >= least;
const oneOf = (...words) => (v) => words.includes(v);
const list = (shape) => [shape];
const uriReference = (v) => text(v) && /^(?:[A-Za-z0-9._~:/?#[\]@!$&'()*+,;=-]|%[0-9A-F]{2})*$/.test(v);
const level = oneOf('none', 'note', 'warning', 'error');

const message = { text };
message.required = ['text'];
const location = { physicalLocation: { artifactLocation: { uri: uriReference },
	region: { startLine: whole(1), startColumn: whole(1), snippet: { text } } } };
const rule = { id: text, shortDescription: message, fullDescription: message, defaultConfiguration: { level }, help: message };
rule.required = ['id'];
const result = { ruleId: text, ruleIndex: whole(0), level, message, locations: list(location),
	suppressions: list({ kind: oneOf('inSource', 'external'), justification: text, required: ['kind'] }) };
result.required = ['message'];
const notification = { level, message, locations: list(location), required: ['message'] };
const run = { tool: { driver: { name: text, version: text, rules: list(rule), required: ['name'] }, required: ['driver'] },
	columnKind: oneOf('utf16CodeUnits', 'unicodeCodePoints'),
	invocations: list({ executionSuccessful: (v) => typeof v === 'boolean', toolExecutionNotifications: list(notification), required: ['executionSuccessful'] }),
	results: list(result), required: ['tool'] };
const log = { $schema: uriReference, version: oneOf('2.1.0'), runs: list(run), required: ['version', 'runs'] };

function check(value, shape, where, wrong) {
	if (typeof shape === 'function') {
		if (!shape(value))
			wrong.push(`${where} is ${JSON.stringify(value)}`);
	} else if (Array.isArray(shape)) {
		if (!Array.isArray(value))
			wrong.push(`${where} is no list`);
		else
			value.forEach((v, i) => check(v, shape[0], `${where}[${i}]`, wrong));
	} else if (value === null || typeof value !== 'object' || Array.isArray(value)) {
		wrong.push(`${where} is no object`);
	} else {
		for (const name of shape.required ?? [])
			if (!(name in value))
				wrong.push(`${where} has no ${name}`);
		for (const name of Object.keys(value))
			if (name === 'required' || !(name in shape))
				wrong.push(`${where}.${name} is not known`);
			else
				check(value[name], shape[name], `${where}.${name}`, wrong);
	}
}

export function sarifWrong(value) {
	const wrong = [];

	check(value, log, 'log', wrong);
	for (const one of wrong.length === 0 ? value.runs : []) {
		const ids = one.tool.driver.rules.map((r) => r.id);

		if (new Set(ids).size !== ids.length)
			wrong.push('two rules have one id');
		for (const r of one.results)
			if (ids[r.ruleIndex] !== r.ruleId)
				wrong.push(`result of ${r.ruleId}: rule number ${r.ruleIndex} is ${ids[r.ruleIndex]}`);
	}
	return wrong;
}
