/**
 * volumes: the folders under management.
 *
 * Owns the table of locations. Guarantees: no folder is managed twice, and no two locations share a name; a folder that cannot be read keeps its
 * place and says why; nothing here touches a person's files.
 */
export { createLocations, type Locations } from './locations.ts';
export type { Location, LocationFailure, LocationProblem } from './schema.ts';
