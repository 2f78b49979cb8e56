import peer from './rolldown.config.js';

/** The threads that the peer starts: each is a file of its own beside it. */
const threads = ['hash-worker'];

export default threads.map((name) => ({
	...peer,
	input: `peer/host/${name}.ts`,
	output: { file: `build/${name}.js`, format: 'esm', sourcemap: true }
}));
