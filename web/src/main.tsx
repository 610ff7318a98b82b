import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@/app/global.css';
import { Providers } from '@/app/Providers';
import { router } from '@/app/router';
import { LanguageProvider } from '@/i18n/LanguageProvider';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <LanguageProvider>
      <Providers>
        <RouterProvider router={router} />
      </Providers>
    </LanguageProvider>
  </StrictMode>,
);
