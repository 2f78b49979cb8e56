import { exitCodes } from './failure.ts';
import { printName as path } from './print.ts';
import type { WordsTable } from './words.ts';

const { failed, usage } = exitCodes;

/** The words for what goes wrong with the certificate of https. */
export const tlsWords = {
	TlsFileUnreadable: ({ file, code }) => ({
		exit: usage,
		what: `${path(file)}, which https needs, cannot be read (${code}).`,
		next: 'Check the path and who may read it.'
	}),
	TlsFileWrong: ({ file, detail }) => ({
		exit: usage,
		what:
			detail === 'pair'
				? `The key in ${path(file)} is not the one of the certificate.`
				: `${path(file)} holds no ${detail} that can be read.`,
		next: 'Name a certificate and its key as PEM, without a password.'
	}),
	TlsRootDamaged: () => ({
		exit: failed,
		what: 'The certificate authority that this device keeps cannot be read.',
		next: 'It lies with its secrets, in atoll/secrets of your configuration folder. Put a copy of that back.'
	})
} satisfies Partial<WordsTable>;
