/** The functions of PKCS#11 that are called here: place in CK_FUNCTION_LIST, and the types of their parameters: n(umber), p(ointer), b(yte). */
export const functions = {
  C_Initialize: [0, 'p'], C_Finalize: [1, 'p'], C_GetSlotList: [4, 'bpp'], C_GetTokenInfo: [6, 'np'], C_OpenSession: [12, 'nnppp'], C_CloseSession: [13, 'n'], C_GetSessionInfo: [15, 'np'], C_Login: [18, 'nnpn'],
  C_DestroyObject: [22, 'nn'], C_GetAttributeValue: [24, 'nnpn'], C_SetAttributeValue: [25, 'nnpn'], C_FindObjectsInit: [26, 'npn'], C_FindObjects: [27, 'npnp'], C_FindObjectsFinal: [28, 'n'],
  C_EncryptInit: [29, 'npn'], C_Encrypt: [30, 'npnpp'], C_DecryptInit: [33, 'npn'], C_Decrypt: [34, 'npnpp'], C_GenerateKey: [58, 'nppnp'],
} as const satisfies Record<string, readonly [place: number, parameters: string]>;
export type CryptokiFunction = keyof typeof functions;

/** A function answered with another number than CKR_OK. */
export class CryptokiRefusal extends Error {
  readonly call: CryptokiFunction;
  readonly answer: number;
  constructor(call: CryptokiFunction, answer: number) {
    super(`${call} answered 0x${answer.toString(16)}`);
    this.name = 'CryptokiRefusal';
    this.call = call;
    this.answer = answer;
  }
}
