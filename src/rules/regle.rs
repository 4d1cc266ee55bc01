//! The code of every rule of the catalogue. An edition may only name these.

use crate::domain::nomenclature::liste;

liste! {
    /// A rule, by its stable code, with its short title.
    CodeRegle {
        /// FINESS number known and open.
        EliE01 = "ELI-E01", "Numéro FINESS géographique connu et ouvert";
        /// Article L.312-1 CASF.
        EliE02 = "ELI-E02", "ESSMS relevant de l’article L.312-1 du CASF";
        /// Never funded before.
        EliE03 = "ELI-E03", "Aucun financement ESMS numérique antérieur";
        /// SONS for the same software.
        EliE04 = "ELI-E04", "Prestation Ségur (SONS) pour le même logiciel";
        /// In one dossier only.
        EliE05 = "ELI-E05", "Engagement dans un seul dossier";
        /// Agreement of the national entity.
        EliE06 = "ELI-E06", "Accord de l’entité nationale";
        /// Hospital or GHT.
        EliE07 = "ELI-E07", "Rattachement à un hôpital ou à un GHT";
        /// Share of eligible hours.
        EliE08 = "ELI-E08", "Part des heures éligibles";
        /// Size of the grappe.
        EliG01 = "ELI-G01", "Taille de la grappe";
        /// One DUI.
        EliG02 = "ELI-G02", "Une même solution DUI";
        /// Majority project type.
        EliG03 = "ELI-G03", "Type de projet majoritaire";
        /// Majority sector.
        EliG04 = "ELI-G04", "Secteur majoritaire";
        /// Majority hosting.
        EliG05 = "ELI-G05", "Hébergement majoritaire";
        /// Porteur and signatory.
        EliG06 = "ELI-G06", "Porteur et signataire membres de la grappe";
        /// Region.
        EliG07 = "ELI-G07", "Région de l’appel à projets";
        /// The grappe conforms.
        Rec01 = "REC-01", "Conformité de la grappe";
        /// The solution is referenced.
        Rec02 = "REC-02", "Solution DUI référencée";
        /// Étude d'écart.
        Rec02E = "REC-02E", "Étude d’écart jointe";
        /// Professional referentials.
        Rec03 = "REC-03", "Référentiels métier intégrés";
        /// Self-financing.
        Rec04 = "REC-04", "Part d’autofinancement";
        /// Completeness.
        Rec05 = "REC-05", "Complétude du dossier";
        /// Services socles.
        Rec06 = "REC-06", "Interopérabilité avec les services socles";
        /// Réglementation SI.
        Rec07 = "REC-07", "Respect de la réglementation SI";
        /// Date of deposit.
        Rec08 = "REC-08", "Date de dépôt valide";
        /// Motivations.
        Pri01 = "PRI-01", "Motivations du projet";
        /// Self-diagnosis.
        Pri02 = "PRI-02", "Autodiagnostic ANAP présenté";
        /// Deposited in 2021.
        Pri03 = "PRI-03", "Dossier déjà déposé en 2021";
        /// Detailed plan.
        Pri04 = "PRI-04", "Plan de financement détaillé";
        /// Functional scope.
        Pri05 = "PRI-05", "Périmètre fonctionnel actuel et attendu";
        /// Isolated ESSMS.
        Pri06 = "PRI-06", "Intégration d’ESSMS isolés";
        /// Project team.
        Pri07 = "PRI-07", "Présentation de l’équipe projet";
        /// ROR.
        Pri08 = "PRI-08", "Complétude du ROR";
        /// Exchange before the deposit.
        Pri09 = "PRI-09", "Demande d’informations en amont";
        /// 2021: description.
        E2101 = "E21-01", "Description du projet";
        /// 2021: national specification.
        E2102 = "E21-02", "Respect du cahier des charges national DUI";
        /// 2021: users.
        E2103 = "E21-03", "Nombre d’utilisateurs de la solution";
        /// 2021: typology.
        E2104 = "E21-04", "Typologie de projet";
        /// 2021: public.
        E2105 = "E21-05", "Type de public";
        /// 2021: structures.
        E2106 = "E21-06", "Nombre de structures concernées";
        /// 2021: duration.
        E2108 = "E21-08", "Durée du projet";
        /// 2021: planning.
        E2109 = "E21-09", "Planning du projet";
        /// 2021: availability.
        E2110 = "E21-10", "Disponibilité de l’application";
        /// 2021: confidentiality.
        E2111 = "E21-11", "Confidentialité";
        /// 2021: shared solution.
        P2103 = "P21-03", "Solution mutualisée";
        /// 2021: interoperability.
        P2104 = "P21-04", "Interopérabilité de la solution avec son écosystème";
        /// 2021: regional platform.
        P2105 = "P21-05", "Interconnexion avec une plateforme régionale";
    }
}

impl CodeRegle {
    /// About the eligibility of ESSMS or of the grappe: what the project's eligibility aggregates.
    pub fn eligibilite(self) -> bool {
        use crate::domain::nomenclature::Liste;
        self.code().starts_with("ELI-")
    }
}
