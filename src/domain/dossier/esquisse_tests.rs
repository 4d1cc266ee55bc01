use super::*;

struct Champs(BTreeMap<String, Vec<String>>);

impl Brut for Champs {
    fn valeurs(&self, nom: &str) -> &[String] {
        self.0.get(nom).map_or(&[], Vec::as_slice)
    }

    fn nombre_de_lignes(&self, _: &str) -> usize {
        0
    }
}

fn et(rang: usize) -> Finess {
    Finess::depuis_racine(&format!("75{rang:06}")).unwrap()
}

fn relire(champs: Vec<(String, String)>) -> (Esquisse, Vec<FauteDeChamp>) {
    let mut lus: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (nom, valeur) in champs {
        lus.entry(nom).or_default().push(valeur);
    }
    let colles = lus.get(NUMEROS).map(|n| n.join("\n")).unwrap_or_default();
    let numeros = super::super::saisie_finess::lire_colle(&colles).numeros;
    Esquisse::lire(&Champs(lus), numeros, &|_, _| true)
}

fn reponses(paires: &[(&str, &str)]) -> Reponses {
    let mut r = Reponses::default();
    for (nom, valeur) in paires {
        r.mettre(nom, vec![(*valeur).to_owned()]);
    }
    r
}

/// Numbers as they stand in the registry: of several départements, without order.
fn quarante_neuf() -> Esquisse {
    let numeros: Vec<Finess> = (0..49usize)
        .map(|rang| {
            let departement = ["75", "77", "78", "91", "92", "93", "94", "95"][rang % 8];
            Finess::depuis_racine(&format!("{departement}{:06}", (rang * 7_919 + 13) % 1_000_000)).unwrap()
        })
        .collect();
    let propres = numeros
        .iter()
        .step_by(3)
        .map(|n| (*n, reponses(&[("hebergement", "externe"), ("sons", "non")])))
        .collect();
    let tout: Vec<(&str, &str)> = champs_d_un_essms()
        .iter()
        .filter(|c| c.genre == Genre::OuiNon)
        .map(|c| (c.nom, "non"))
        .collect();
    Esquisse {
        edition: "idf-2024".to_owned(),
        numeros,
        projet: reponses(&[
            ("soumis_ccp", "non"),
            ("solution", "01890a5d-ac96-774b-bcce-b302099a8057"),
        ]),
        communs: reponses(&tout),
        propres,
    }
}

#[test]
fn forty_nine_essms_fit_in_an_address() {
    let lien = quarante_neuf().lien();
    assert!(lien.len() < 1_000, "{} characters", lien.len());
}

#[test]
fn a_link_reads_back() {
    let esquisse = quarante_neuf();
    let deplie = deplier(&esquisse.lien());
    assert!(deplie.entier);
    assert_eq!(relire(deplie.champs), (esquisse, Vec::new()));
}

#[test]
fn a_link_cut_changed_or_of_another_time_says_so_and_gives_what_it_can() {
    let lien = quarante_neuf().lien();
    let coupe = deplier(&lien[..lien.len() - 40]);
    assert!(!coupe.entier);
    assert!(
        coupe
            .champs
            .iter()
            .any(|(nom, valeur)| nom == NUMEROS && valeur.lines().count() > 40)
    );
    for faux in ["", "1", "0abc", "é", "1%%%", "1AAAA", &format!("{lien}!"), &lien[1..]] {
        assert!(!deplier(faux).entier, "{faux}");
    }
}

#[test]
fn what_unfolds_without_end_is_not_unfolded() {
    let mut encodeur = ZlibEncoder::new(Vec::new(), Compression::best());
    encodeur.write_all(&vec![b'a'; 10_000_000]).unwrap();
    let lien = format!("1{}", URL_SAFE_NO_PAD.encode(encodeur.finish().unwrap()));
    let deplie = deplier(&lien);
    assert!(!deplie.entier && deplie.champs.iter().all(|(nom, _)| nom.len() <= 512 * 1024));
}

#[test]
fn an_answer_that_all_give_is_said_once() {
    let numeros = vec![et(1), et(2)];
    let mut esquisse = Esquisse {
        numeros,
        ..Esquisse::default()
    };
    for numero in [et(1), et(2)] {
        esquisse.repondre(numero, "hebergement", "saas");
    }
    esquisse.repondre(et(2), "sons", "oui");
    esquisse.repondre(et(3), "sons", "oui");
    let courte = esquisse.clone().factorisee();
    assert_eq!(courte.communs, reponses(&[("hebergement", "saas")]));
    assert_eq!(courte.propres, BTreeMap::from([(et(2), reponses(&[("sons", "oui")]))]));
    for numero in &courte.numeros {
        assert_eq!(courte.reponses(*numero), esquisse.reponses(*numero));
    }
}

#[test]
fn every_question_reads_back_what_it_shows() {
    let valeur = |champ: &Champ| match champ.genre {
        Genre::Choix(options) => options[0].0.to_owned(),
        Genre::OuiNon => "oui".to_owned(),
        Genre::Montant | Genre::Decimal(_) => "12,50".to_owned(),
        _ => "Un texte".to_owned(),
    };
    let mut champs = vec![(NUMEROS.to_owned(), et(1).to_string())];
    champs.extend(
        champs_du_projet()
            .iter()
            .map(|c| (format!("{PROJET}-{}", c.nom), valeur(c))),
    );
    champs.extend(
        champs_d_un_essms()
            .iter()
            .map(|c| (format!("{TOUS}-{}", c.nom), valeur(c))),
    );
    let (esquisse, fautes) = relire(champs);
    assert!(fautes.is_empty(), "{fautes:?}");
    assert_eq!(esquisse.projet.iter().count(), champs_du_projet().len());
    assert_eq!(esquisse.communs.iter().count(), champs_d_un_essms().len());
    assert_eq!(relire(deplier(&esquisse.lien()).champs).0, esquisse);
}

proptest::proptest! {
    #[test]
    fn any_sketch_reads_back_from_its_link(
        rangs in proptest::collection::btree_set(0usize..900_000, 0..60),
        communs in proptest::collection::btree_map(proptest::sample::select(vec!["sons", "medicalise", "deja_finance", ENGAGE]), proptest::sample::select(vec!["oui", "non"]), 0..4),
        logiciel in "[A-Za-z0-9éèà&=+%/ ]{1,40}[a-z]",
    ) {
        let numeros: Vec<Finess> = rangs.into_iter().map(et).collect();
        let paires: Vec<(&str, &str)> = communs.into_iter().collect();
        let mut esquisse = Esquisse { edition: "idf-2024".into(), communs: reponses(&paires), numeros, ..Esquisse::default() };
        if let Some(premier) = esquisse.numeros.first().copied() {
            esquisse.repondre(premier, "sons_logiciel", logiciel.trim());
        }
        let deplie = deplier(&esquisse.lien());
        proptest::prop_assert!(deplie.entier);
        proptest::prop_assert_eq!(relire(deplie.champs), (esquisse, Vec::new()));
    }

    #[test]
    fn no_text_makes_the_reader_panic(texte in "\\PC{0,300}", debut in "1[A-Za-z0-9_-]{0,300}") {
        let _ = deplier(&texte);
        let _ = deplier(&debut);
    }
}
