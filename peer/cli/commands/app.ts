import { ok } from '#core/kernel';
import { defineCommand, serveOptions } from '../command.ts';
import { settingsOf } from '../read-settings.ts';
import { addressOf, startServing, untilStopped } from '../serve-until-stopped.ts';

export const app = defineCommand({
	name: 'app',
	operands: '',
	operandsMin: 0,
	operandsMax: 0,
	summary: 'Serve only the app, with no library behind it',
	details: 'Ends with 0 on SIGINT or SIGTERM.',
	options: serveOptions,
	run: async ({ values, shell }) => {
		const settings = settingsOf('app', values, shell);
		if (!settings.ok) return settings;
		const serving = { settings: settings.value, web: values.web, nextFree: false, isReady: () => true };
		const server = await startServing(serving, shell);
		if (!server.ok) return server;
		shell.terminal.out(`Atoll is at ${addressOf(settings.value, server.value.port)}\n`);
		await untilStopped(shell.signal);
		await server.value.close();
		return ok(null);
	}
});
