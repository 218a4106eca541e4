// Starts GraphiQL with one tab per example question. React, ReactDOM and GraphiQL are globals of the scripts before this one.
const { createElement: h } = React;

const examples = await (await fetch('/explorer/examples.json')).json();
const tabs = examples.map(({ query }) => ({ query, variables: '', headers: '' }));

// What people type stays in their own browser; the tabs below are only for their first visit.
const explorer = h(
  GraphiQL,
  {
    fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
    defaultTabs: tabs,
    defaultHeaders: '{}',
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
