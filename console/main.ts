import { createApp } from 'vue';
import { App } from './app.tsx';
import { router } from './router.ts';
import { openLanguage } from './words/language.ts';
import './style/console.css';

openLanguage();
createApp(App).use(router).mount('#console');
