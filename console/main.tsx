import '@cloudscape-design/global-styles/index.css';
import './console.css';
import { I18nProvider } from '@cloudscape-design/components/i18n';
import english from '@cloudscape-design/components/i18n/messages/all.en';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { useMode } from './mode.ts';

function Root() {
  useMode();
  return (
    <I18nProvider locale="en" messages={[english]}>
      <App />
    </I18nProvider>
  );
}

const place = document.getElementById('console');
if (place) createRoot(place).render(<Root />);
