//! The glossary: what verdicts say, the words of the domain, the acronyms. Everything that explains a word reads it here.

/// What verdicts say, in the words of the pages.
pub const VERDICTS: &[(&str, &str)] = &[
    ("Satisfait", "Le projet respecte cette règle."),
    (
        "Non satisfait",
        "Le projet ne respecte pas cette règle. C’est un point bloquant\u{a0}: le dossier ne peut pas être déposé ainsi.",
    ),
    (
        "Non satisfait, sans bloquer",
        "Avertissement\u{a0}: la règle n’est pas respectée, mais le dépôt reste possible.",
    ),
    (
        "Non satisfait, pour information",
        "Un critère qui compte dans l’examen du projet, sans être une condition.",
    ),
    (
        "À compléter",
        "Inconnu\u{a0}: une réponse manque, la règle ne dit encore ni oui ni non.",
    ),
    (
        "À apprécier par l’ARS",
        "Le texte laisse la décision à l’autorité\u{a0}: le portail ne tranche pas à sa place.",
    ),
    ("Sans objet", "La règle ne concerne pas ce projet."),
    ("Bloquant", "Ce qui empêche le dépôt tant que ce n’est pas corrigé."),
    ("Éligible", "L’ESSMS compte dans la grappe et dans le financement."),
    (
        "En question",
        "Il manque une réponse pour savoir si l’ESSMS compte dans la grappe.",
    ),
    (
        "Exclu",
        "L’ESSMS ne compte pas dans la grappe et n’est pas financé. Il ne bloque pas le projet des autres.",
    ),
    (
        "Financement certain, maximum",
        "Ce qui est établi par vos réponses, et ce que ce serait si toutes les questions ouvertes tournaient bien.",
    ),
];

/// The words of the domain.
pub const MOTS: &[(&str, &str)] = &[
    ("Grappe", "Groupe d’ESSMS, d’un ou plusieurs OG, autour d’un même DUI."),
    (
        "Porteur",
        "L’OG qui porte le projet\u{a0}: il dépose, signe et redistribue les fonds.",
    ),
    (
        "Membre",
        "Un OG de la grappe qui n’est pas le porteur\u{a0}: il lit le dossier et répond pour ses ESSMS.",
    ),
    (
        "Accord",
        "Ce que l’OG de chaque ESSMS donne, ou non, pour que cet ESSMS soit dans la grappe d’un autre. Le dépôt les attend tous.",
    ),
    ("Dossier", "La candidature d’une grappe à un appel à projets."),
    (
        "Modèle",
        "Les textes d’un dossier déposé, sans ce qui dit de qui ils viennent, que l’ARS publie avec l’accord du porteur.",
    ),
    ("Constat", "Le verdict d’une règle sur votre projet, avec sa source."),
    ("Recevabilité", "Ce que l’ARS vérifie avant d’examiner le projet."),
    (
        "Couloir",
        "Domaine du référencement Ségur d’une solution\u{a0}: personnes âgées, handicap, domicile…",
    ),
    (
        "Ségur",
        "Le Ségur du numérique en santé\u{a0}: le programme national qui référence les logiciels et finance leur usage.",
    ),
    (
        "SERAFIN-PH, AGGIR-PATHOS",
        "Référentiels nationaux des besoins des personnes handicapées et des personnes âgées. SERAFIN-PH\u{a0}: Services et établissements, réforme pour une adéquation des financements aux parcours des personnes handicapées. AGGIR\u{a0}: Autonomie gérontologie, groupes iso-ressources.",
    ),
    (
        "SaaS",
        "Logiciel utilisé à distance, que l’éditeur héberge et met à jour.",
    ),
    (
        "Empreinte SHA-256",
        "Suite de caractères calculée sur un contenu\u{a0}: la moindre modification la change.",
    ),
    (
        "Accompagnement",
        "SESAN et le Collectif SI, qui aident les OG à se regrouper et à choisir une solution.",
    ),
    (
        "Accusé de réception",
        "Ce que reçoit qui dépose\u{a0}: page, courriel et PDF. Son empreinte permet à quiconque de vérifier le dépôt.",
    ),
    (
        "Brouillon abandonné",
        "Un dossier mis de côté\u{a0}: il se lit et peut être repris, n’engage aucun ESSMS et ne se dépose pas.",
    ),
    (
        "Cible d’usage",
        "Le niveau d’utilisation du DUI et des services socles qui conditionne le second versement.",
    ),
    (
        "Collectif SI",
        "Collectif des systèmes d’information du médico-social d’une région\u{a0}: il aide les OG à former des grappes.",
    ),
    (
        "Dépôt retiré",
        "Un dépôt repris par son porteur avant la fin de la fenêtre où il était arrivé. Il reste conservé comme preuve.",
    ),
    (
        "Édition",
        "Un appel à projets avec ses règles, ses montants et ses fenêtres de dépôt.",
    ),
    (
        "Étude d’écart",
        "Document qui compare un logiciel aux exigences d’un couloir pour lequel il n’est pas référencé.",
    ),
    (
        "Mise en conformité",
        "Projet qui garde le DUI en place, pour le faire évoluer ou en développer l’usage. L’acquisition, elle, en achète un.",
    ),
    (
        "Services socles",
        "Services nationaux de la e-santé auxquels un DUI se relie, comme MSSanté et le DMP.",
    ),
];

/// The acronyms, spelled out.
pub const SIGLES: &[(&str, &str)] = &[
    ("AAP", "Appel à projets."),
    ("AHI", "Accueil, hébergement, insertion."),
    ("AMOA", "Assistance à maîtrise d’ouvrage."),
    (
        "ANAP",
        "Agence nationale de la performance sanitaire et médico-sociale.",
    ),
    (
        "ANS",
        "Agence du numérique en santé\u{a0}: elle référence les solutions Ségur.",
    ),
    (
        "API",
        "Adresses qu’un programme appelle pour lire ou calculer (en anglais, application programming interface).",
    ),
    ("ARS", "Agence régionale de santé\u{a0}: elle instruit et décide."),
    ("ASE, PDE", "Aide sociale à l’enfance, protection de l’enfance."),
    ("CCAS", "Centre communal d’action sociale."),
    ("CCP", "Code de la commande publique."),
    (
        "CNIL",
        "Commission nationale de l’informatique et des libertés\u{a0}: elle veille sur les données personnelles.",
    ),
    ("CNSA", "Caisse nationale de solidarité pour l’autonomie."),
    ("CPOM", "Contrat pluriannuel d’objectifs et de moyens."),
    (
        "CSAPA",
        "Centre de soins, d’accompagnement et de prévention en addictologie.",
    ),
    (
        "CSS, HTML, SVG",
        "Langages dont les pages du web sont faites\u{a0}: apparence, contenu, dessins.",
    ),
    ("DMP", "Dossier médical partagé, dans Mon espace santé."),
    (
        "DPO",
        "Délégué à la protection des données (en anglais, data protection officer).",
    ),
    ("DSI", "Direction, ou directeur, des systèmes d’information."),
    ("DUI", "Dossier usager informatisé\u{a0}: le logiciel."),
    ("EHPAD", "Établissement d’hébergement pour personnes âgées dépendantes."),
    (
        "EJ",
        "Entité juridique\u{a0}: le numéro FINESS d’un organisme gestionnaire.",
    ),
    ("ESAT", "Établissement et service d’accompagnement par le travail."),
    ("ESMS", "Établissement ou service médico-social."),
    ("ESSMS", "Établissement ou service social ou médico-social (FINESS ET)."),
    (
        "ET, EG",
        "Établissement, ou entité géographique\u{a0}: le numéro FINESS d’un ESSMS.",
    ),
    ("ETP", "Équivalent temps plein."),
    ("FAQ", "Foire aux questions, publiée avec l’appel à projets."),
    (
        "FINESS",
        "Fichier national des établissements sanitaires et sociaux, qui donne un numéro à chacun.",
    ),
    ("GHT", "Groupement hospitalier de territoire."),
    ("HDS", "Hébergement de données de santé, certifié."),
    ("ICS", "Format de fichier que lisent tous les agendas (iCalendar)."),
    ("IME", "Institut médico-éducatif."),
    ("INS", "Identité nationale de santé."),
    (
        "JSON",
        "Format de fichier qui passe des données d’un programme à un autre.",
    ),
    ("MSS, MSSanté", "Messagerie sécurisée de santé."),
    (
        "OG",
        "Organisme gestionnaire\u{a0}: la personne morale (FINESS EJ) qui gère des ESSMS.",
    ),
    ("PA, PH", "Personnes âgées, personnes handicapées."),
    (
        "PAI",
        "Plan d’aide à l’investissement. PAI numérique\u{a0}: le service de la CNSA où le dépôt reste obligatoire.",
    ),
    (
        "PDF",
        "Format de fichier qui se lit partout de la même façon (en anglais, portable document format).",
    ),
    ("PDS", "Personnes en difficultés spécifiques."),
    ("PJM", "Protection juridique des majeurs."),
    (
        "RESAH",
        "Réseau des acheteurs hospitaliers\u{a0}: la centrale d’achat de la CNSA pour ce programme.",
    ),
    (
        "RGAA, WCAG",
        "Référentiel général d’amélioration de l’accessibilité, et sa source internationale\u{a0}; AA est le niveau visé.",
    ),
    ("RGPD", "Règlement général sur la protection des données."),
    (
        "ROR",
        "Répertoire opérationnel des ressources\u{a0}: il décrit l’offre de chaque ESSMS.",
    ),
    ("SAAD", "Service d’aide et d’accompagnement à domicile."),
    (
        "SAD",
        "Deux sens. Pour un achat\u{a0}: système d’acquisition dynamique, celui du RESAH. Pour un ESSMS\u{a0}: service autonomie à domicile.",
    ),
    ("SAVS", "Service d’accompagnement à la vie sociale."),
    (
        "SESAN",
        "Groupement régional d’appui au numérique en santé d’Île-de-France.",
    ),
    ("SI", "Système d’information."),
    (
        "SIREN",
        "Numéro d’entreprise, à neuf chiffres (système d’identification du répertoire des entreprises).",
    ),
    (
        "SONS",
        "Système ouvert et non sélectif\u{a0}: la prestation Ségur que l’État paie à l’éditeur.",
    ),
    ("SSIAD", "Service de soins infirmiers à domicile."),
    (
        "VSR",
        "Vérification de service régulier\u{a0}: le constat, à la fin du déploiement, que la solution fonctionne partout.",
    ),
    (
        "XLSX, CSV",
        "Formats de fichiers que lisent et écrivent tous les tableurs.",
    ),
];
