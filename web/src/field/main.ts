import { createApp } from 'vue';
import FieldApp from './FieldApp.vue';
import './field.css';
import { begin } from './store';
import { watchForUpdates } from './update';

createApp(FieldApp).mount('#app');
void begin();
void watchForUpdates();
