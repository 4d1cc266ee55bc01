//! The closed lists an edition is written with.

use crate::domain::nomenclature::liste;

liste! {
    /// What a criterion serves to decide.
    Nature {
        /// Whether the grappe or the project may be funded at all.
        Eligibilite = "eligibilite", "Éligibilité";
        /// Whether the dossier is examined.
        Recevabilite = "recevabilite", "Recevabilité";
        /// How it ranks.
        Priorisation = "priorisation", "Priorisation";
    }
}

liste! {
    /// What an amount is paid for.
    Assiette {
        /// Each ESSMS.
        Essms = "essms", "par ESSMS";
        /// The whole project, once.
        Projet = "projet", "par projet";
    }
}

liste! {
    /// How the DUI is referenced, when an amount depends on it.
    Reference {
        /// Référencée Ségur.
        Segur = "segur", "Référencée Ségur";
        /// In the national SAD only.
        Sad = "sad", "Référencée au SAD";
    }
}

liste! {
    /// A family of amounts.
    CodeForfait {
        /// For each ESSMS: all in, or for usage only.
        Fin01 = "FIN-01", "Forfait par ESSMS";
        /// Software vendor.
        Fin02 = "FIN-02", "Forfait à l’équipement (éditeur)";
        /// Small OGs: equipment.
        Fin03 = "FIN-03", "Petits organismes gestionnaires : équipements et infrastructures";
        /// Small OGs: help with the purchase.
        Fin04 = "FIN-04", "Petits organismes gestionnaires : AMOA marché";
        /// Small OGs: help with the project.
        Fin05 = "FIN-05", "Petits organismes gestionnaires : AMOA projet";
    }
}

liste! {
    /// Which text governs the purchase.
    RegimeAchat {
        /// By project type, sector and public contracts (MÉMO).
        SelonProjet = "selon_projet", "Selon le projet";
        /// The national market, for every project (IDF-2021).
        MarcheNational = "marche_national", "Marché national";
    }
}

liste! {
    /// When a piece is required.
    Exigence {
        /// Always.
        Toujours = "toujours", "Obligatoire";
        /// When some ESSMS is in acquisition.
        Acquisition = "acquisition", "Pour un projet comportant une acquisition";
        /// When the solution is referenced on another couloir.
        EtudeEcart = "etude_ecart", "Lorsqu’une étude d’écart est nécessaire";
        /// When an ESSMS belongs to a national entity that agrees.
        AccordEntite = "accord_entite", "Lorsqu’un ESSMS relève d’une entité nationale";
        /// Never: useful to the instructor.
        Facultative = "facultative", "Facultative";
    }
}

liste! {
    /// Kind of content accepted for a piece.
    Contenu {
        /// PDF.
        Pdf = "pdf", "PDF";
        /// Word.
        Docx = "docx", "Word (docx)";
        /// `OpenDocument` text.
        Odt = "odt", "OpenDocument texte (odt)";
        /// Excel.
        Xlsx = "xlsx", "Excel (xlsx)";
        /// `OpenDocument` sheet.
        Ods = "ods", "OpenDocument classeur (ods)";
        /// JPEG.
        Jpeg = "jpeg", "Image JPEG";
        /// PNG.
        Png = "png", "Image PNG";
    }
}

liste! {
    /// What a contact is asked about.
    Sujet {
        /// Forming a grappe, choosing a solution.
        Accompagnement = "accompagnement", "Constituer une grappe, choisir une solution";
        /// Financing.
        Financement = "financement", "Les financements";
        /// The dossier.
        Dossier = "dossier", "La constitution du dossier de candidature";
        /// Deployment and socles.
        Deploiement = "deploiement", "Le déploiement et les outils socles";
    }
}

liste! {
    /// What a usage indicator measures.
    CodeIndicateur {
        /// MSSanté rate.
        TauxMssante = "USA-01", "Taux d’utilisation de la MSSanté";
        /// DMP rate.
        TauxDmp = "USA-02", "Taux d’utilisation du DMP";
        /// Active files.
        DossiersActifs = "USA-03", "Taux de dossiers actifs";
        /// Active files with a project.
        ProjetsPersonnalises = "USA-04", "Taux de dossiers actifs avec un projet personnalisé";
        /// Active files with an event.
        Evenements = "USA-05", "Taux de dossiers actifs ayant au moins un événement";
        /// 2021: MSSanté messages.
        MessagesMssante = "U21-04", "Messages émis par la MSSanté sur trois mois";
        /// 2021: DMP documents.
        DocumentsDmp = "U21-05", "Documents déposés dans le DMP sur trois mois";
        /// 2021: prescriptions.
        Prescriptions = "U21-06", "Prescriptions électroniques importées sur trois mois";
        /// 2021: e-parcours.
        EchangesEparcours = "U21-07", "Échanges avec une plateforme e-parcours sur trois mois";
    }
}
