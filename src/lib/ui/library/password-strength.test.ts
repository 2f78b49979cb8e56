import { describe, expect, it } from 'vitest';
import { strengthOf } from './password-strength.ts';

describe('a password', () => {
	it.each([
		['', 0],
		['password1', 1],
		['aaaaaaaaaaaaaaaa', 1],
		['123456789012', 1],
		['hunter22', 2],
		['blue harbour', 3],
		['blue harbour kettle', 4]
	])('%j', (password, level) => {
		expect(strengthOf(password).level).toBe(level);
	});
});
