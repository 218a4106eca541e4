// Starts GraphiQL with one tab per example question. React, ReactDOM and GraphiQL are globals of the scripts before this one.
const { createElement: h } = React;

const examples = await (await fetch('/explorer/examples.json')).json();
const tabs = examples.map(({ query }) => ({ query, variables: '', headers: '' }));

// What a tab begins with that people open themselves.
const ownQuestion = `# A question of your own: Ctrl-Space shows what can be asked, Ctrl-Enter asks it.
{
  search(text: "improvement", first: 5) {
    totalCount
    nodes { __typename id }
  }
}
`;

const ask = GraphiQL.createFetcher({ url: '/graphql' });

// Subscriptions come as server-sent events, over a POST, so that what stands under Headers goes along.
function fetcher(params, options) {
  const definitions = options?.documentAST?.definitions ?? []; // GraphiQL's own question about the schema has none
  const operations = definitions.filter(({ kind }) => kind === 'OperationDefinition');
  const chosen = operations.find(({ name }) => name?.value === params.operationName) ?? operations[0];
  return chosen?.operation === 'subscription' ? follow(params, options.headers) : ask(params, options);
}

// follow is an observable of the answers to a subscription.
function follow(params, headers) {
  return {
    subscribe({ next, error, complete }) {
      const stop = new AbortController();
      const failed = (cause) => stop.signal.aborted || error(cause);
      readEvents(params, headers, stop.signal, next).then(complete, failed);
      return { unsubscribe: () => stop.abort() };
    },
  };
}

async function readEvents(params, headers, signal, next) {
  const response = await fetch('/graphql', {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/json', Accept: 'text/event-stream' },
    body: JSON.stringify(params),
    signal,
  });
  if (!response.headers.get('Content-Type').startsWith('text/event-stream')) {
    next(await response.json());
    return;
  }
  const texts = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let unread = '';
  for (let part = await texts.read(); !part.done; part = await texts.read()) {
    const events = (unread + part.value).split('\n\n');
    unread = events.pop();
    for (const event of events) {
      const data = event.match(/^event: next\ndata: (.*)$/);
      if (data) next(JSON.parse(data[1]));
    }
  }
}

// GraphiQL keeps what was asked with its headers, although it is not to keep headers: in them are tokens.
const asked = ['graphiql:queries', 'graphiql:favorites'];
const withoutHeaders = (text) => JSON.stringify(JSON.parse(text), (name, value) => (name === 'headers' ? undefined : value));
const ours = () => Object.keys(localStorage).filter((name) => name.startsWith('graphiql:'));

const storage = {
  getItem: (name) => localStorage.getItem(name),
  setItem: (name, text) => localStorage.setItem(name, asked.includes(name) ? withoutHeaders(text) : text),
  removeItem: (name) => localStorage.removeItem(name),
  clear: () => ours().forEach((name) => localStorage.removeItem(name)),
  get length() {
    return ours().length;
  },
};

// An earlier page may have kept some. What cannot be read, GraphiQL could not read either.
for (const name of asked) {
  const text = localStorage.getItem(name);
  try {
    if (text) storage.setItem(name, text);
  } catch {
    storage.removeItem(name);
  }
}

// What people type stays in their own browser; the tabs below are only for their first visit.
const explorer = h(
  GraphiQL,
  {
    fetcher,
    storage,
    defaultTabs: tabs,
    defaultQuery: ownQuestion,
    defaultHeaders: '{}',
    showPersistHeadersSettings: false,
    defaultEditorToolsVisibility: false,
    inputValueDeprecation: true,
    schemaDescription: true,
  },
  h(
    GraphiQL.Logo,
    null,
    h('span', { className: 'name' }, h('img', { src: '/explorer/favicon.svg', alt: '' }), 'nicgraph'),
  ),
);

ReactDOM.createRoot(document.getElementById('explorer')).render(explorer);

// A tab that is begun or chosen is brought into sight: GraphiQL leaves it where it is in the row.
function showChosenTab() {
  const tabs = document.querySelector('.graphiql-tabs');
  if (!tabs) {
    requestAnimationFrame(showChosenTab);
    return;
  }
  const show = () => tabs.querySelector('.graphiql-tab-active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  new MutationObserver(show).observe(tabs, { childList: true, subtree: true, attributeFilter: ['class'] });
}

showChosenTab();

// The documentation is open on a first visit, where there is room; afterwards it is as people left it.
// GraphiQL 4 measures its panels before it knows which is wanted, so the button is the way to open one.
function openDocumentation() {
  const button = document.querySelector('button[aria-label="Show Documentation Explorer"]');
  if (!button) {
    requestAnimationFrame(openDocumentation);
    return;
  }
  button.click();
  openQuestions();
}

// It begins where questions begin, not at the list of all types.
function openQuestions() {
  const links = [...document.querySelectorAll('.graphiql-doc-explorer a')];
  const query = links.find((link) => link.textContent === 'Query');
  if (query) query.click();
  else requestAnimationFrame(openQuestions);
}

const visited = 'nicgraph:visited';
if (!localStorage.getItem(visited)) {
  localStorage.setItem(visited, 'yes');
  if (window.innerWidth >= 1100) openDocumentation();
}
