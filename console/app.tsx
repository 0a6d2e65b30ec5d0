import Alert from '@cloudscape-design/components/alert';
import AppLayoutToolbar from '@cloudscape-design/components/app-layout-toolbar';
import Header from '@cloudscape-design/components/header';
import Box from '@cloudscape-design/components/box';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import { useEffect, useRef } from 'react';
import { shown } from '../cli/text/shown.ts';
import { linkTo, useAddress } from './address.ts';
import { readSession } from './api.ts';
import type { Session } from './api.ts';
import { useAnswer } from './asking.ts';
import { choose, CHOICES, useChoice } from './mode.ts';
import { Loading } from './parts/states.tsx';
import { SessionProvider } from './session.ts';
import { VIEWS } from './views.tsx';

export function App() {
  const session = useAnswer('session', () => readSession());
  if (session.data) return <Shell session={session.data} />;
  if (session.isLoading) return <Loading what="the console" />;
  return (
    <main>
      <Box padding="xxl">
        <Box variant="h1">Hookgate</Box>
        <Alert
          type={session.fault?.kind === 'not-authorized' ? 'warning' : 'error'}
          header={
            session.fault?.kind === 'not-authorized'
              ? 'This page has no token of this start'
              : 'The console cannot start'
          }
        >
          {session.fault?.lines.map((line) => (
            <div key={line}>{shown(line)}</div>
          ))}
        </Alert>
      </Box>
    </main>
  );
}

const MODES = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;

function Shell({ session }: { readonly session: Session }) {
  const address = useAddress();
  const choice = useChoice();
  const views = VIEWS.filter(({ isShown = () => true }) => isShown(session));
  const [name = 'overview'] = address.path;
  const view = views.find((each) => each.name === name);
  useTitle(
    [...address.path.slice(1).toReversed(), view?.title ?? 'Not found', session.gateway].join(' · '),
    address.path,
  );
  return (
    <SessionProvider value={session}>
      <nav aria-label="On this page">
        <a
          className="skip"
          href={location.hash || '#/'}
          onClick={(event) => {
            event.preventDefault();
            focusHeading();
          }}
        >
          Skip to the content
        </a>
      </nav>
      <div id="top">
        <TopNavigation
          identity={{ href: linkTo([]), title: `Hookgate: ${session.gateway}` }}
          utilities={[
            {
              ...{
                type: 'menu-dropdown',
                text: MODES[choice],
                ariaLabel: `Colours: ${MODES[choice]}`,
                iconName: 'settings',
              },
              items: CHOICES.map((id) => ({ id, text: MODES[id] })),
              onItemClick: ({ detail }) => choose(CHOICES.find((each) => each === detail.id) ?? 'system'),
            },
          ]}
        />
      </div>
      <AppLayoutToolbar
        headerSelector="#top"
        toolsHide
        ariaLabels={{ navigation: 'Views', navigationClose: 'Close the views', navigationToggle: 'Open the views' }}
        navigation={
          <SideNavigation
            activeHref={linkTo(name === 'overview' ? [] : [name])}
            items={views.map((each) => ({
              ...{ type: 'link', text: each.title },
              href: linkTo(each.name === 'overview' ? [] : [each.name]),
            }))}
          />
        }
        content={
          <>
            {view ? (
              <view.Component key={address.path.join('/')} address={address} />
            ) : (
              <Header variant="h1" description="Pick one from the list of views.">
                There is no such view
              </Header>
            )}
          </>
        }
      />
    </SessionProvider>
  );
}

/** Names the page, and has a screen reader start with the heading of a view that was just opened. */
function useTitle(title: string, path: readonly string[]): void {
  const key = path.join('/');
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = shown(title);
  }, [title]);
  useEffect(() => {
    if (!isFirst.current) focusHeading();
    isFirst.current = false;
  }, [key]);
}

function focusHeading(patience = 20): void {
  const heading = document.querySelector<HTMLElement>('main h1, h1');
  if (heading) {
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  } else if (patience > 0) setTimeout(focusHeading, 50, patience - 1);
}
