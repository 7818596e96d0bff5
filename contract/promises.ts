/** The promises P1 to P20, as plain data: what is promised, how far it is kept today, by what code, how anyone proves it, and what it does not cover. */

/** `kept`: enforced and provable now. `partly`: for what the product does so far. `not_yet`: what it speaks of is not built. */
export const states = ['kept', 'partly', 'not_yet'] as const;
export type PromiseState = (typeof states)[number];
/** What a proof is made with; the studio has a button for each. */
export const proofs = ['audit', 'data_map', 'verify_ledger', 'receipt', 'isolation_profile', 'deletion_certificate', 'people', 'usage', 'catalog', 'health', 'files', 'encryption'] as const;
export type ProofKind = (typeof proofs)[number];

export interface Enforcement { room: 'contract' | 'edge' | 'never-sees-content' | 'holds-keys' | 'sees-content'; how: string }
export interface Proof { proof: ProofKind; command: string; shows: string }
export interface ProductPromise { id: string; title: string; promise: string; state: PromiseState; enforcedBy: Enforcement[]; provedBy: Proof[]; notCovered: string[] }

const by = (room: Enforcement['room'], how: string): Enforcement => ({ room, how });
const proof = (kind: ProofKind, command: string, shows: string): Proof => ({ proof: kind, command, shows });
const audit = (shows: string): Proof => proof('audit', 'modelkeep audit', shows);
const dataMap = (shows: string): Proof => proof('data_map', 'modelkeep data-map', shows);
const ledger = (shows: string): Proof => proof('verify_ledger', 'modelkeep-verify checkpoint OLD NEW --ledger ORIGIN/ledger', shows);
const receipt = (shows: string): Proof => proof('receipt', 'modelkeep receipts get ID --key KEY -o receipt.json && modelkeep-verify receipt receipt.json', shows);
const isolation = (shows: string): Proof => proof('isolation_profile', 'modelkeep deployments show NAME', shows);
const externalEngine = 'What an external engine does with a prompt is the word of its operator; receipts then say operator_asserted.';
const noFineTuning = 'Fine-tuning is not built: there are no fine-tuned models.';

export const promises: readonly ProductPromise[] = [
  {
    id: 'P1', title: 'Exactly this data', state: 'kept', promise: 'The data processed is exactly: prompts and generated content, and uploaded data. Nothing else of the customer\'s is collected.',
    enforcedBy: [by('contract', 'Every field of every operation carries a mark; the data map is generated from the marks, and the build fails where code, database and map differ.'), by('never-sees-content', 'Log lines have a fixed list of fields, and none of them is free text.')],
    provedBy: [dataMap('every class of data, where it is, for how long, and who may be sent it'), audit('that nothing that was sent stands anywhere else')],
    notCovered: ['What the operating system or the network records beside the product.'],
  },
  {
    id: 'P2', title: 'Nothing is stored', state: 'kept', promise: 'Prompts and outputs are not stored. Models are stateless.',
    enforcedBy: [by('contract', 'An operation with a content field is served by the gateway and never reaches control or the database.'), by('sees-content', 'No code of the gateway writes a file, and workers run in a sandbox without a writable disk.')],
    provedBy: [audit('canaries sent through every route and found in no file, table, log or memory of a process that may not have them'), receipt('retention "none", signed, for one request')],
    notCovered: ['The memory of gateway and workers during a request, and swap, which modelkeep doctor reports.', externalEngine],
  },
  {
    id: 'P3', title: 'Not for the publisher', state: 'kept', promise: 'Prompts and outputs are not shared with the model\'s publisher.',
    enforcedBy: [by('sees-content', 'Workers have no network. The gateway opens connections to registered engines alone.'), by('contract', 'The list of destinations is closed, and no publisher is in it: a pull names the model and nothing else.')],
    provedBy: [dataMap('three destinations for content: the caller, a registered engine, the server that the user chose'), audit('every connection that was seen, each declared'), isolation('that attacks on the network from inside the worker failed')],
    notCovered: ['A publisher who is also the operator of an external engine.', 'Reports for publishers are not built: nothing is reported to them at all.'],
  },
  {
    id: 'P4', title: 'No training on it', state: 'kept', promise: 'Prompts, outputs and training data train no model except as the customer directs.',
    enforcedBy: [by('sees-content', 'Nothing is kept that could be trained on, and weights are given to workers read-only.'), by('contract', 'There is one retention mode, none; what declares that it needs more is refused.')],
    provedBy: [audit('that no prompt and no answer stays'), receipt('the digest of the weights that answered: the same for every request')],
    notCovered: [noFineTuning, externalEngine],
  },
  {
    id: 'P5', title: 'Managed compute', state: 'not_yet', promise: 'Managed compute: the weights run on compute dedicated to one deployment, behind a REST API, and the customer manages its lifecycle.',
    enforcedBy: [by('sees-content', 'A worker is isolated and holds one model, but deployments of the same model share it.')], provedBy: [isolation('the isolation that a worker has today')],
    notCovered: ['Dedicated compute: every deployment is serverless today.'],
  },
  {
    id: 'P6', title: 'Scanned artifacts', state: 'not_yet', promise: 'Artifacts are scanned; the catalog says truthfully which are scanned and which are not.',
    enforcedBy: [by('never-sees-content', 'A file that is not the one that the catalog names by its digest, or is malformed, is put into quarantine. That is a check of identity and format, and no scan.')],
    provedBy: [proof('catalog', 'modelkeep models show MODEL', 'digest and source of every file')], notCovered: ['Scanning for malicious content: no scanner is built in, and no card says that one was.'],
  },
  {
    id: 'P7', title: 'Networks kept away', state: 'partly', promise: 'A deployment can be kept from reaching any network but approved destinations.',
    enforcedBy: [by('sees-content', 'A worker reaches no network at all: namespaces, seccomp and Landlock, attacked from inside before the model is loaded. It does not start where that fails.')],
    provedBy: [isolation('each guarantee, with the mechanism and the attack that failed'), audit('that no process had a connection that nobody declared')],
    notCovered: ['A choice of approved destinations: there is none to choose, since none is reachable.', externalEngine],
  },
  {
    id: 'P8', title: 'Policy', state: 'not_yet', promise: 'Policy regulates which models users may deploy, where and how.',
    enforcedBy: [by('contract', 'Roles decide who may deploy. A policy for models is not built.')], provedBy: [proof('people', 'modelkeep people list', 'who may deploy')], notCovered: ['Rules for models, places and ways of deploying.'],
  },
  {
    id: 'P9', title: 'Serverless API', state: 'partly', promise: 'Serverless API: a provisioned endpoint with keys over shared, hosted models; pay as you go.',
    enforcedBy: [by('sees-content', 'The last frame of an answer waits until its usage is committed, so that what is answered is metered, and what is metered survives a crash.'), by('holds-keys', 'Keys are made there, shown once, and kept as keyed hashes only.')],
    provedBy: [proof('usage', 'modelkeep usage', 'requests and tokens of each deployment'), receipt('the tokens that one request was billed')], notCovered: ['Prices: usage is counted in tokens, and there is no price book.'],
  },
  {
    id: 'P10', title: 'Content filter', state: 'not_yet', promise: 'Prompts and outputs are screened in real time for hate, sexual, violence and self-harm content and for attacks; the customer may configure or switch it off per endpoint.',
    enforcedBy: [by('sees-content', 'Nothing screens yet, and every receipt says so: filter "none", verdict "not_screened".')], provedBy: [receipt('that a request was not screened')], notCovered: ['Screening of any kind.'],
  },
  {
    id: 'P11', title: 'Within the geography', state: 'partly', promise: 'Prompts and outputs are processed within the geography chosen at deployment; they may move between regions of that geography for capacity, and nowhere else.',
    enforcedBy: [by('sees-content', 'A request is worked on by the machine that received it, or by the one engine that its deployment names. There is no failover to anywhere else.')],
    provedBy: [receipt('region and geography of one request'), dataMap('where content may go')], notCovered: ['Where the machine stands is the operator\'s word.', 'Several regions, and a choice between them at deployment.', externalEngine],
  },
  {
    id: 'P12', title: 'What publishers are told', state: 'not_yet', promise: 'The publisher may be told usage volume and customer contact, and the customer is told so when subscribing and can see exactly what.',
    enforcedBy: [by('contract', 'No destination of the data map is a publisher: nothing is told.')], provedBy: [dataMap('that there is no such destination')], notCovered: ['Offers, subscriptions and reports are not built.'],
  },
  {
    id: 'P13', title: 'Own datastores', state: 'kept', promise: 'Customers upload training data to a datastore of theirs, or name data already there.',
    enforcedBy: [
      by('sees-content', 'A file is checked and sealed while it arrives; its content is in the memory of one request and nowhere else.'), by('never-sees-content', 'A datastore has one geography, and control stores ciphertext only.'),
      by('contract', 'Content of a file is for those who work in its project, and for whoever uploaded it: no operator may open it.'),
    ],
    provedBy: [proof('files', 'modelkeep data show ID', 'where a file lies, in which geography, and how it is stored'), dataMap('that uploaded data is stored as ciphertext alone')],
    notCovered: [noFineTuning, 'Content of designated data at rest: it lies as its owner keeps it.'],
  },
  {
    id: 'P14', title: 'Fine-tuned models are their owner\'s', state: 'not_yet', promise: 'A fine-tuned model is available to its owner alone.',
    enforcedBy: [by('contract', 'No operation makes one.')], provedBy: [dataMap('that there is no such class of data')], notCovered: [noFineTuning],
  },
  {
    id: 'P15', title: 'Encrypted twice', state: 'partly', promise: 'Fine-tuned models and training data are encrypted twice at rest: AES-256 with a platform key and, when the customer wants, with a customer-managed key.',
    enforcedBy: [
      by('sees-content', 'Files are sealed in two layers, each AES-256-GCM under a data key of its own, frame by frame, bound to owner, purpose and object.'),
      by('holds-keys', 'Each data key is stored only as wrapped: one by the project\'s platform key, the other by the customer-managed key, or by a second platform key until there is one. A key is given to one process, on control\'s signed order, once.'),
    ],
    provedBy: [proof('encryption', 'modelkeep encryption show', 'the keys of a project, their versions, and the state of the customer-managed key'), ledger('every release of a data key: who, for what, which object')],
    notCovered: [noFineTuning, 'A customer-managed key in a file: it is for development.', 'Root of the machine, who can read any memory.'],
  },
  {
    id: 'P16', title: 'Really gone', state: 'partly', promise: 'The customer can revoke the key or delete data and models at any time, and it is really gone, backups included.',
    enforcedBy: [
      by('holds-keys', 'Deleting a file destroys its data keys; a customer-managed key that is disabled or refused closes everything under it at once.'),
      by('never-sees-content', 'A deletion tries every known copy before and after, erases it, and enters what it found into the ledger; interrupted, it goes on at the next start. Backups have no keys in them.'),
      by('sees-content', 'A key or token that was revoked is refused from the next request on.'),
    ],
    provedBy: [proof('deletion_certificate', 'modelkeep ledger deletion ID -o deletion.json && modelkeep-verify deletion deletion.json', 'each known copy of what was deleted, how trying to open it ended, and what is out of reach')],
    notCovered: ['Copies of the keys folder that the operator took before a deletion, together with a copy of the data.', 'What was downloaded before.', 'Fine-tuned models: there are none yet.'],
  },
  {
    id: 'P17', title: 'Fine-tuned models stay', state: 'not_yet', promise: 'A fine-tuned model cannot be downloaded.',
    enforcedBy: [by('contract', 'No operation gives out a model file of any kind.')], provedBy: [dataMap('that no answer carries a model file')], notCovered: [noFineTuning],
  },
  {
    id: 'P18', title: 'Downloads', state: 'not_yet', promise: 'A catalog model that is deployable to managed compute can be downloaded; from then on its user is responsible.',
    enforcedBy: [by('never-sees-content', 'Every card tells source, licence and digest, so that anyone can get the file from where it came.')], provedBy: [proof('catalog', 'modelkeep models show MODEL', 'source, licence and digest')], notCovered: ['Downloads from the catalog are not built.'],
  },
  {
    id: 'P19', title: 'Own identities and roles', state: 'partly', promise: 'Access is limited to the customer\'s own identities and roles; operators have no standing access to content.',
    enforcedBy: [by('contract', 'One rule says who may call what, and the gateway and control both ask it. No operation shows content to anyone but its caller; a file\'s content is opened for those who work in its project and whoever uploaded it, never for an operator.'), by('never-sees-content', 'Every change of people, roles and credentials is an entry of the ledger.')],
    provedBy: [proof('people', 'modelkeep people list', 'who may do what'), ledger('that no entry was changed or removed')], notCovered: ['Identities of a directory (OIDC): accounts are local.', 'Root of the machine, who can read any memory.'],
  },
  {
    id: 'P20', title: 'Verifiable', state: 'kept', promise: 'All of this can be verified by the customer.',
    enforcedBy: [by('edge', 'The verifier imports nothing of the product, asks nobody, and says the same in Node and in a browser.'), by('sees-content', 'Every request has a signed receipt, committed to before its answer ends.'), by('never-sees-content', 'Every change is entered into a tree whose checkpoints are signed and may be cosigned by witnesses.')],
    provedBy: [ledger('the whole tree, recomputed'), receipt('one request, byte for byte'), audit('the whole installation, searched'), proof('health', 'modelkeep health', 'whether ledger, custody and witnesses answer')],
    notCovered: ['That the running program is the published one: that takes attesting hardware.', 'A page that the installation serves can be changed by whoever serves it: use modelkeep-verify from a copy of your own where that matters.'],
  },
];
