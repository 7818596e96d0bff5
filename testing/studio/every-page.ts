/** Every page of the studio with something on it, for what must hold on all of them. `deployment` and `model` exist. */
export const everyPage = (model: string, deployment: string): readonly string[] => [
  '/catalog', `/catalog/${model}`, `/compare?models=${model},all-minilm-l6-v2`, '/deployments', `/deployments/new?model=${model}`, `/deployments/${deployment}`,
  `/playground?deployment=${deployment}`, '/usage', '/promises', '/ledger', '/receipts', '/data-map', '/audits', '/settings', '/nowhere',
];
