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
    visiblePlugin: 'Documentation Explorer',
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
