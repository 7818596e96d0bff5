/** Which vaults belong to which cloud of Azure, and who gives tokens there. A vault's own word for it is checked against this. */
export interface Cloud { vaults: readonly string[]; authority: string; /** Hosts that a vault of this cloud may name as the authority. */ named: readonly string[] }

export const clouds: readonly Cloud[] = [
  { vaults: ['vault.azure.net', 'managedhsm.azure.net'], authority: 'https://login.microsoftonline.com', named: ['login.microsoftonline.com', 'login.windows.net'] },
  { vaults: ['vault.usgovcloudapi.net', 'managedhsm.usgovcloudapi.net'], authority: 'https://login.microsoftonline.us', named: ['login.microsoftonline.us'] },
  { vaults: ['vault.azure.cn', 'managedhsm.azure.cn'], authority: 'https://login.chinacloudapi.cn', named: ['login.chinacloudapi.cn', 'login.partner.microsoftonline.cn'] },
];

export const cloudOf = (vaultHost: string): Cloud | undefined => clouds.find(({ vaults }) => vaults.some((domain) => vaultHost.endsWith(`.${domain}`)));
