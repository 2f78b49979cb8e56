/**
 * Identities of files that repeat the bytes 0 to 250, by size. Computed apart from Atoll, by a BLAKE3 written in another
 * language from the paper and checked with its official vectors, over the length (8 bytes, the lowest first) and either
 * all bytes or the six windows one after the other.
 */
export const identityVectors: readonly (readonly [sizeBytes: number, identity: string])[] = [
	[0, '71e0a99173564931c0b8acc52d2685a8e39c64dc52e3d02390fdac2a12b155cb'],
	[1, '9b779f74b305adc3ec513485085d52e95f9ce4fbaf9e56cb02d38a07e19353df'],
	[1_024, 'a841c51e2d0c467c06adea2378baeca1aec47a572adf108e46acd1454c17d9b9'],
	[102_399, 'cfbff674ab1c0c5d3ccb8e70a0849b5fa07e833b542db4c629fc7bbd0d19ee83'],
	[102_400, 'c66a52267c7e5ee9301da844e4aaf2db57f7263c981868f33adcab9ab3df7cb3'],
	[102_401, '17f74805066119da0c97598916faefc9dd897a8f48e6b526f8dce98d6e24ef27'],
	[131_072, 'ad9f26faa76daba50035bbc7de0961c8d28d1d65c0b3ff68438d8c78bb31f792'],
	[1_000_003, '91afc9d00dc8c0e104c6ee2890e8ea0bc71c74e053668977d4b1da804cf67d8d'],
	[5_000_000_000, '6c763673cf5fc105f09ffa0bb54b39d500f4c725004fe39c08d00ce781bd0b2a']
];
