// A single-page application: pages change without loading, and so does who is signed in.
import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter, Link, Route, Routes } from 'react-router';
import { Ventanilla, VentanillaView, useVentanilla } from 'ventanilla/react';

const place = await fetch('/settings.json').then((answer) => answer.json());

/** Asks our own server, which knows the user by a cookie, to vouch for them. */
async function identify() {
  const answer = await fetch('/identity', { method: 'POST', headers: { 'X-Ventanilla': '1' } });
  return (await answer.json()).token;
}

function Order() {
  const help = useVentanilla(place);
  const ask = () => {
    help.prefill({ title: 'Order A-10422' });
    help.open({ screen: 'new' });
  };
  return <><h1>Order A-10422</h1><p>On its way.</p><button onClick={ask}>Something is wrong with it</button></>;
}

function App() {
  const [user, setUser] = useState(null);
  const [unread, setUnread] = useState(0);
  const [filed, setFiled] = useState(null);
  const become = async (name) => {
    await fetch(`/as/${name ?? 'nobody'}`, { method: 'POST' });
    setUser(name);
  };
  useEffect(() => void become(null), []);
  return (
    <BrowserRouter>
      <nav><Link to="/">Shop</Link> <Link to="/order">Order</Link> <Link to="/support">Support</Link></nav>
      <p>
        {['ada', 'bruno', null].map((name) => <button key={name ?? ''} aria-pressed={user === name} onClick={() => become(name)}>{name ?? 'nobody'}</button>)}
      </p>
      <Routes>
        <Route path="/" element={<h1>Shop</h1>} />
        <Route path="/order" element={<Order />} />
        <Route path="/support" element={<><h1>Support</h1><VentanillaView {...place} identityUrl="/identity" /></>} />
      </Routes>
      <p role="status">{filed ? `Filed as #${filed}.` : ''} {unread ? `${unread} unread` : ''}</p>
      <Ventanilla {...place} user={user} identify={identify} onTicketCreated={({ number }) => setFiled(number)} onUnread={(news) => setUnread(news.unread)} />
    </BrowserRouter>
  );
}

createRoot(document.querySelector('#root')).render(<App />);
