"""Fair play between public authorities and companies: contacts, declarations, aid, tenders."""
