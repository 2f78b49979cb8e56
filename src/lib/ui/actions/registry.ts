import type { Ability } from './ability.ts';
import { appAbilities } from './abilities/app.ts';
import { chooseAbilities } from './abilities/choose.ts';
import { copyAbilities } from './abilities/copies.ts';
import { downloadAbilities } from './abilities/download.ts';
import { fileAbilities } from './abilities/files.ts';
import { folderAbilities } from './abilities/folder.ts';
import { goAbilities } from './abilities/go.ts';
import { libraryAbilities } from './abilities/library.ts';
import { paneAbilities } from './abilities/panes.ts';
import { markAbilities } from './abilities/marks.ts';
import { tagAbilities } from './abilities/tags.ts';
import { viewAbilities } from './abilities/view.ts';

/** Everything that a person can do on the screen, each once. */
export const registry: readonly Ability[] = [
	...fileAbilities,
	...copyAbilities,
	...downloadAbilities,
	...tagAbilities,
	...markAbilities,
	...chooseAbilities,
	...goAbilities,
	...viewAbilities,
	...paneAbilities,
	...folderAbilities,
	...libraryAbilities,
	...appAbilities
];
