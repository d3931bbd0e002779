import { createApp } from 'vue';
import App from './App.vue';
import { whenSignedOut } from './api/client';
import { router } from './router';
import { forget } from './state/session';
import './styles/tokens.css';
import './styles/parts.css';
import './styles/desk.css';
import './styles/board.css';

whenSignedOut(() => {
  forget();
  if (router.currentRoute.value.path !== '/login') {
    void router.push({ path: '/login', query: { next: router.currentRoute.value.fullPath } });
  }
});

createApp(App).use(router).mount('#app');
