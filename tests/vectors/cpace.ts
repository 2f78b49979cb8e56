/**
 * Vectors of CPace with ristretto255 and SHA-512, from draft-irtf-cfrg-cpace, appendix B.3 (the working group's
 * `testvectors.md`). All are in hex, the lowest byte first.
 */
export const cpaceVector = {
	password: '50617373776f7264',
	context: '6f630b425f726573706f6e6465720b415f696e69746961746f72',
	session: '7e4b4791d6a8ef019b936c79fb7f2c57',
	generatorString:
		'11435061636552697374726574746f3235350850617373776f726464' +
		'00'.repeat(100) +
		'1a6f630b425f726573706f6e6465720b415f696e69746961746f72107e4b4791d6a8ef019b936c79fb7f2c57',
	generator: 'a6fc82c3b8968fbb2e06fee81ca858586dea50d248f0c7ca6a18b0902a30b36b',
	initiatorData: '414461',
	initiatorScalar: 'da3d23700a9e5699258aef94dc060dfda5ebb61f02a5ea77fad53f4ff0976d08',
	initiatorShare: 'd40fb265a7abeaee7939d91a585fe59f7053f982c296ec413c624c669308f87a',
	responderData: '414462',
	responderScalar: 'd2316b454718c35362d83d69df6320f38578ed5984651435e2949762d900b80d',
	responderShare: '08bcf6e9777a9c313a3db6daa510f2d398403319c2341bd506a92e672eb7e307',
	shared: 'e22b1ef7788f661478f3cddd4c600774fc0f41e6b711569190ff88fa0e607e09',
	key:
		'4c5469a16b2364c4b944ebc1a79e51d1674ad47db26e8718154f59faebfaa52d' +
		'8346f30aa58377117eb20d527f2cbc5c76381f7fd372e89df8239f87f2e02ed1'
} as const;

/** A multiplication that is fine, and two points that must end the exchange: one that is none, and the neutral one. */
export const cpacePoints = {
	scalar: '7cd0e075fa7955ba52c02759a6c90dbbfc10e6d40aea8d283e407d88cf538a05',
	point: '2c3c6b8c4f3800e7aef6864025b4ed79bd599117e427c41bd47d93d654b4a51c',
	product: '7c13645fe790a468f62c39beb7388e541d8405d1ade69d1778c5fe3e7f6b600e',
	invalid: ['2b3c6b8c4f3800e7aef6864025b4ed79bd599117e427c41bd47d93d654b4a51c', '00'.repeat(32)]
} as const;
