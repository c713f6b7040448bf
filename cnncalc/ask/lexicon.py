"""Every phrase by its meaning. Made by `cnncalc.ask.lexicon_maker`; do not edit."""

LONGEST = 7
PHRASES = {
    (
        "CONV",
        "conv",
    ): "conv|convs|convolution|convolutions|conv2d|convolution2d|convolutional|convolution layer|convolution_layer|convolution layers|convolution_layers|convolutional layer|convolutional_layer|convolutional layers|convolutional_layers|conv layer|conv_layer|conv layers|conv_layers|convolve|convolved|convolving|cnn layer|cnn_layer|cnn layers|cnn_layers|conv net layer|conv_net_layer|convoluzione|convoluzioni|convolutivo|convolutiva|convolutivi|convoluzionale|convoluzionali|strato convoluzionale|strato_convoluzionale|strato convoluzionali|strato_convoluzionali|strati convoluzionale|strati_convoluzionale|strati convoluzionali|strati_convoluzionali|strato convolutivo|strato_convolutivo|strato convolutivi|strato_convolutivi|strati convolutivo|strati_convolutivo|strati convolutivi|strati_convolutivi|layer convoluzionale|layer_convoluzionale|layer convoluzionali|layer_convoluzionali|layer convolutivo|layer_convolutivo|layer convolutivi|layer_convolutivi|livello convoluzionale|livello_convoluzionale|livello convoluzionali|livello_convoluzionali|livelli convoluzionale|livelli_convoluzionale|livelli convoluzionali|livelli_convoluzionali|strato di convoluzione|strato_di_convoluzione|strati di convoluzione|strati_di_convoluzione|livello di convoluzione|livello_di_convoluzione|livelli di convoluzione|livelli_di_convoluzione|layer di convoluzione|layer_di_convoluzione|convolucion|convoluciones|convolucional|convolucionales|capa convolucional|capa_convolucional|capa convolucionales|capa_convolucionales|capas convolucional|capas_convolucional|capas convolucionales|capas_convolucionales|capa de convolucion|capa_de_convolucion|capas de convolucion|capas_de_convolucion|capa conv|capa_conv|capas conv|capas_conv|couche de convolution|couche_de_convolution|couches de convolution|couches_de_convolution|couche convolutive|couche_convolutive|couche convolutives|couche_convolutives|couches convolutive|couches_convolutive|couches convolutives|couches_convolutives|couche convolutionnelle|couche_convolutionnelle|couche convolutionnelles|couche_convolutionnelles|couches convolutionnelle|couches_convolutionnelle|couches convolutionnelles|couches_convolutionnelles|convolutif|convolutifs|convolutive|convolutives|convolutionnel|convolutionnels|convolutionnelle|convolutionnelles|faltung|faltungen|faltungsschicht|faltungsschichten|faltungslayer|convolucao|convolucoes|convolucionais|camada convolucional|camada_convolucional|camadas convolucional|camadas_convolucional|camada convolucionais|camada_convolucionais|camadas convolucionais|camadas_convolucionais|camada de convolucao|camada_de_convolucao|camadas de convolucao|camadas_de_convolucao|卷积层|卷积|свертка|сверточный слой|сверточный_слой|convolutional neural layer|convolutional_neural_layer|conv block|conv_block|correlation",
    (
        "CONV",
        "conv_transpose",
    ): "transposed conv|transposed_conv|transposed convs|transposed_convs|transposed convolution|transposed_convolution|transposed convolutions|transposed_convolutions|transposed convolutional layer|transposed_convolutional_layer|transposed convolutional layers|transposed_convolutional_layers|transpose conv|transpose_conv|transpose convs|transpose_convs|transpose convolution|transpose_convolution|transpose convolutions|transpose_convolutions|convtranspose2d|conv2dtranspose|conv transpose|conv_transpose|convtranspose|deconvolution|deconvolutions|deconv|deconvs|deconvolutional layer|deconvolutional_layer|deconvolutional layers|deconvolutional_layers|deconv layer|deconv_layer|deconv layers|deconv_layers|up convolution|up_convolution|up convolutions|up_convolutions|upconvolution|upconvolutions|up conv|up_conv|up convs|up_convs|upconv|upconvs|fractionally strided convolution|fractionally_strided_convolution|fractionally strided convolutions|fractionally_strided_convolutions|convoluzione trasposta|convoluzione_trasposta|convoluzione trasposte|convoluzione_trasposte|convoluzioni trasposta|convoluzioni_trasposta|convoluzioni trasposte|convoluzioni_trasposte|deconvoluzione|deconvoluzioni|convolucion transpuesta|convolucion_transpuesta|convolucion transpuestas|convolucion_transpuestas|convoluciones transpuesta|convoluciones_transpuesta|convoluciones transpuestas|convoluciones_transpuestas|convolucion traspuesta|convolucion_traspuesta|convolucion traspuestas|convolucion_traspuestas|convoluciones traspuesta|convoluciones_traspuesta|convoluciones traspuestas|convoluciones_traspuestas|deconvolucion|deconvoluciones|convolution transposee|convolution_transposee|convolution transposees|convolution_transposees|convolutions transposee|convolutions_transposee|convolutions transposees|convolutions_transposees|transponierte faltung|transponierte_faltung|transponierte faltungen|transponierte_faltungen|convolucao transposta|convolucao_transposta|convolucao transpostas|convolucao_transpostas|convolucoes transposta|convolucoes_transposta|convolucoes transpostas|convolucoes_transpostas|反卷积|转置卷积|conv transposed|conv_transposed|capa de convolucion transpuesta|capa_de_convolucion_transpuesta|capas de convolucion transpuesta|capas_de_convolucion_transpuesta|strato di convoluzione trasposta|strato_di_convoluzione_trasposta|strati di convoluzione trasposta|strati_di_convoluzione_trasposta|transposed layer|transposed_layer",
    (
        "CONV",
        "depthwise",
    ): "depthwise conv|depthwise_conv|depthwise convs|depthwise_convs|depthwise convolution|depthwise_convolution|depthwise convolutions|depthwise_convolutions|depth wise convolution|depth_wise_convolution|depth wise convolutions|depth_wise_convolutions|depthwise layer|depthwise_layer|depthwise|depthwiseconv2d|convoluzione depthwise|convoluzione_depthwise|convoluzioni depthwise|convoluzioni_depthwise|convolucion depthwise|convolucion_depthwise|convoluciones depthwise|convoluciones_depthwise|convolucion en profundidad|convolucion_en_profundidad|convoluciones en profundidad|convoluciones_en_profundidad|convoluzione in profondita|convoluzione_in_profondita|convoluzioni in profondita|convoluzioni_in_profondita|convolucion por canal|convolucion_por_canal|逐深度卷积|逐通道卷积",
    (
        "CONV",
        "pointwise",
    ): "pointwise conv|pointwise_conv|pointwise convs|pointwise_convs|pointwise convolution|pointwise_convolution|pointwise convolutions|pointwise_convolutions|point wise convolution|point_wise_convolution|point wise convolutions|point_wise_convolutions|pointwise|pointwise layer|pointwise_layer|convoluzione pointwise|convoluzione_pointwise|convoluzioni pointwise|convoluzioni_pointwise|convoluzione puntuale|convoluzione_puntuale|convoluzione puntuali|convoluzione_puntuali|convoluzioni puntuale|convoluzioni_puntuale|convoluzioni puntuali|convoluzioni_puntuali|convolucion pointwise|convolucion_pointwise|convoluciones pointwise|convoluciones_pointwise|convolucion puntual|convolucion_puntual|convolucion puntuales|convolucion_puntuales|convoluciones puntual|convoluciones_puntual|convoluciones puntuales|convoluciones_puntuales|逐点卷积",
    (
        "CONV",
        "separable",
    ): "depthwise separable conv|depthwise_separable_conv|depthwise separable convs|depthwise_separable_convs|depthwise separable convolution|depthwise_separable_convolution|depthwise separable convolutions|depthwise_separable_convolutions|depthwise separable|depthwise_separable|depthwise separable layer|depthwise_separable_layer|depthwise separable layers|depthwise_separable_layers|separable conv|separable_conv|separable convs|separable_convs|separable convolution|separable_convolution|separable convolutions|separable_convolutions|separableconv2d|convoluzione separabile|convoluzione_separabile|convoluzione separabili|convoluzione_separabili|convoluzioni separabile|convoluzioni_separabile|convoluzioni separabili|convoluzioni_separabili|convoluzione separabile in profondita|convoluzione_separabile_in_profondita|convoluzione separabili in profondita|convoluzione_separabili_in_profondita|convoluzioni separabile in profondita|convoluzioni_separabile_in_profondita|convoluzioni separabili in profondita|convoluzioni_separabili_in_profondita|convoluzione depthwise separabile|convoluzione_depthwise_separabile|convoluzione depthwise separabili|convoluzione_depthwise_separabili|convoluzioni depthwise separabile|convoluzioni_depthwise_separabile|convoluzioni depthwise separabili|convoluzioni_depthwise_separabili|convoluzione depthwise separable|convoluzione_depthwise_separable|convoluzioni depthwise separable|convoluzioni_depthwise_separable|convolucion separable|convolucion_separable|convolucion separables|convolucion_separables|convoluciones separable|convoluciones_separable|convoluciones separables|convoluciones_separables|convolucion separable en profundidad|convolucion_separable_en_profundidad|convolucion separables en profundidad|convolucion_separables_en_profundidad|convoluciones separable en profundidad|convoluciones_separable_en_profundidad|convoluciones separables en profundidad|convoluciones_separables_en_profundidad|convolucion separable por profundidad|convolucion_separable_por_profundidad|convolucion separables por profundidad|convolucion_separables_por_profundidad|convoluciones separable por profundidad|convoluciones_separable_por_profundidad|convoluciones separables por profundidad|convoluciones_separables_por_profundidad|convolucion depthwise separable|convolucion_depthwise_separable|convolucion depthwise separables|convolucion_depthwise_separables|convoluciones depthwise separable|convoluciones_depthwise_separable|convoluciones depthwise separables|convoluciones_depthwise_separables|深度可分离卷积|convolution separable|convolution_separable|convolution separables|convolution_separables|convolutions separable|convolutions_separable|convolutions separables|convolutions_separables|convolucao separavel|convolucao_separavel|convolucao separaveis|convolucao_separaveis|convolucoes separavel|convolucoes_separavel|convolucoes separaveis|convolucoes_separaveis",
    (
        "CONV",
        "locally_connected",
    ): "locally connected layer|locally_connected_layer|locally connected|locally_connected|locallyconnected2d|localmente connesso|localmente_connesso|strato localmente connesso|strato_localmente_connesso|capa localmente conectada|capa_localmente_conectada|localmente conectada|localmente_conectada",
    (
        "POOL",
        "max_pool",
    ): "max pool|max_pool|max pools|max_pools|max pooling|max_pooling|max poolings|max_poolings|maxpool|maxpools|maxpooling|maxpoolings|max pooled|max_pooled|max pooling layer|max_pooling_layer|max pooling layers|max_pooling_layers|maxpooling layer|maxpooling_layer|maxpooling layers|maxpooling_layers|max pool layer|max_pool_layer|max pool layers|max_pool_layers|maxpool layer|maxpool_layer|maxpool layers|maxpool_layers|maxpool2d|maxpooling2d|mp|strato di max pooling|strato_di_max_pooling|strati di max pooling|strati_di_max_pooling|livello di max pooling|livello_di_max_pooling|livelli di max pooling|livelli_di_max_pooling|capa de max pooling|capa_de_max_pooling|capas de max pooling|capas_de_max_pooling|capa max pooling|capa_max_pooling|capas max pooling|capas_max_pooling|couche de max pooling|couche_de_max_pooling|couches de max pooling|couches_de_max_pooling|camada de max pooling|camada_de_max_pooling|camadas de max pooling|camadas_de_max_pooling|最大池化|最大池化层|max subsampling|max_subsampling|pooling massimo|pooling_massimo|agrupacion maxima|agrupacion_maxima|agrupamiento maximo|agrupamiento_maximo",
    (
        "POOL",
        "avg_pool",
    ): "average pool|average_pool|average pools|average_pools|average pooling|average_pooling|average poolings|average_poolings|avg pool|avg_pool|avg pools|avg_pools|avg pooling|avg_pooling|avg poolings|avg_poolings|avgpool|avgpools|mean pool|mean_pool|mean pools|mean_pools|mean pooling|mean_pooling|averagepooling|average pooling layer|average_pooling_layer|average pooling layers|average_pooling_layers|avg pooling layer|avg_pooling_layer|avg pooling layers|avg_pooling_layers|averagepooling2d|avgpool2d|avgpooling2d|strato di average pooling|strato_di_average_pooling|strati di average pooling|strati_di_average_pooling|pooling medio|pooling_medio|media pooling|media_pooling|capa de average pooling|capa_de_average_pooling|capas de average pooling|capas_de_average_pooling|pooling promedio|pooling_promedio|pooling de promedio|pooling_de_promedio|agrupacion promedio|agrupacion_promedio|平均池化|平均池化层|pooling moyen|pooling_moyen",
    (
        "POOL",
        "pool",
    ): "pool|pools|pooling|poolings|pooled|pooling layer|pooling_layer|pooling layers|pooling_layers|pool layer|pool_layer|pool layers|pool_layers|subsampling|subsampling layer|subsampling_layer|sub sampling|sub_sampling|sub sampling layer|sub_sampling_layer|sub sampling layers|sub_sampling_layers|subsample|subsampled|sottocampionamento|strato di pooling|strato_di_pooling|strati di pooling|strati_di_pooling|livello di pooling|livello_di_pooling|livelli di pooling|livelli_di_pooling|layer di pooling|layer_di_pooling|strato pooling|strato_pooling|strati pooling|strati_pooling|capa de pooling|capa_de_pooling|capas de pooling|capas_de_pooling|capa pooling|capa_pooling|capas pooling|capas_pooling|submuestreo|agrupacion|agrupamiento|couche de pooling|couche_de_pooling|couches de pooling|couches_de_pooling|couche pooling|couche_pooling|couches pooling|couches_pooling|sous echantillonnage|sous_echantillonnage|pooling schicht|pooling_schicht|pooling schichten|pooling_schichten|camada de pooling|camada_de_pooling|camadas de pooling|camadas_de_pooling|池化层|池化|пулинг",
    (
        "WHOLE",
        "global_avg_pool",
    ): "global average pool|global_average_pool|global average pooling|global_average_pooling|global avg pool|global_avg_pool|global avg pooling|global_avg_pooling|gap|globalaveragepooling|globalaveragepooling2d|pooling medio globale|pooling_medio_globale|pooling promedio global|pooling_promedio_global|average pooling global|average_pooling_global|average pooling globale|average_pooling_globale|全局平均池化|global average pooling layer|global_average_pooling_layer|promedio global|promedio_global|media globale|media_globale",
    (
        "WHOLE",
        "global_max_pool",
    ): "global max pool|global_max_pool|global max pooling|global_max_pooling|globalmaxpooling|globalmaxpooling2d|max pooling global|max_pooling_global|max pooling globale|max_pooling_globale|全局最大池化",
    (
        "DENSE",
        "linear",
    ): "dense|dense layer|dense_layer|dense layers|dense_layers|fully connected|fully_connected|fully connected layer|fully_connected_layer|fully connected layers|fully_connected_layers|fully connect|fully_connect|fully connected network layer|fully_connected_network_layer|fc|fc layer|fc_layer|fc layers|fc_layers|linear|linear layer|linear_layer|linear layers|linear_layers|densely connected|densely_connected|densely connected layer|densely_connected_layer|densely connected layers|densely_connected_layers|affine layer|affine_layer|affine layers|affine_layers|inner product|inner_product|strato denso|strato_denso|strato densi|strato_densi|strati denso|strati_denso|strati densi|strati_densi|layer denso|layer_denso|layer densi|layer_densi|denso|densa|densi|livello denso|livello_denso|livello densi|livello_densi|livelli denso|livelli_denso|livelli densi|livelli_densi|completamente connesso|completamente_connesso|completamente connessi|completamente_connessi|completamente connessa|completamente_connessa|completamente connesse|completamente_connesse|strato completamente connesso|strato_completamente_connesso|strato completamente connessi|strato_completamente_connessi|strati completamente connesso|strati_completamente_connesso|strati completamente connessi|strati_completamente_connessi|strato fully connected|strato_fully_connected|strati fully connected|strati_fully_connected|layer fully connected|layer_fully_connected|strato lineare|strato_lineare|strati lineare|strati_lineare|livello completamente connesso|livello_completamente_connesso|livello completamente connessi|livello_completamente_connessi|livelli completamente connesso|livelli_completamente_connesso|livelli completamente connessi|livelli_completamente_connessi|capa densa|capa_densa|capa densas|capa_densas|capas densa|capas_densa|capas densas|capas_densas|densas|capa totalmente conectada|capa_totalmente_conectada|capa totalmente conectadas|capa_totalmente_conectadas|capas totalmente conectada|capas_totalmente_conectada|capas totalmente conectadas|capas_totalmente_conectadas|totalmente conectada|totalmente_conectada|totalmente conectadas|totalmente_conectadas|completamente conectada|completamente_conectada|completamente conectadas|completamente_conectadas|capa completamente conectada|capa_completamente_conectada|capa completamente conectadas|capa_completamente_conectadas|capas completamente conectada|capas_completamente_conectada|capas completamente conectadas|capas_completamente_conectadas|capa fully connected|capa_fully_connected|capas fully connected|capas_fully_connected|capa lineal|capa_lineal|capa lineales|capa_lineales|capas lineal|capas_lineal|capas lineales|capas_lineales|couche dense|couche_dense|couche denses|couche_denses|couches dense|couches_dense|couches denses|couches_denses|couche entierement connectee|couche_entierement_connectee|couche entierement connectees|couche_entierement_connectees|couches entierement connectee|couches_entierement_connectee|couches entierement connectees|couches_entierement_connectees|entierement connectee|entierement_connectee|entierement connectees|entierement_connectees|couche fully connected|couche_fully_connected|couches fully connected|couches_fully_connected|couche lineaire|couche_lineaire|couche lineaires|couche_lineaires|couches lineaire|couches_lineaire|couches lineaires|couches_lineaires|vollstandig verbundene|vollstandig_verbundene|vollstandig verbundenen|vollstandig_verbundenen|voll verbundene|voll_verbundene|voll verbundenen|voll_verbundenen|dense schicht|dense_schicht|dense schichten|dense_schichten|vollverbundene schicht|vollverbundene_schicht|camada densa|camada_densa|camada densas|camada_densas|camadas densa|camadas_densa|camadas densas|camadas_densas|camada totalmente conectada|camada_totalmente_conectada|camada totalmente conectadas|camada_totalmente_conectadas|camadas totalmente conectada|camadas_totalmente_conectada|camadas totalmente conectadas|camadas_totalmente_conectadas|全连接层|全连接|полносвязный слой|полносвязный_слой",
    (
        "WHOLE",
        "flatten",
    ): "flatten|flattened|flattening|flatten layer|flatten_layer|unroll|unrolled|appiattimento|appiattito|appiattisce|appiattire|aplanar|aplanado|aplana|aplanamiento|aplatissement|展平|flattened output|flattened_output|vectorized",
    ("ACT", "dropout"): "dropout|dropout layer|dropout_layer|spatialdropout2d|dropout2d",
    (
        "ACT",
        "batch_norm",
    ): "batch norm|batch_norm|batch normalization|batch_normalization|batch normalisation|batch_normalisation|batchnorm|batchnormalization|batchnorm2d|bn|bn layer|bn_layer|batch norm layer|batch_norm_layer|batch norm layers|batch_norm_layers|batch normalization layer|batch_normalization_layer|normalizzazione batch|normalizzazione_batch|normalizacion por lotes|normalizacion_por_lotes|batch normalizzazione|batch_normalizzazione|批归一化|批量归一化",
    ("SOFTMAX", "softmax"): "softmax",
    (
        "ACT",
        "relu",
    ): "relu|relus|rectified linear unit|rectified_linear_unit|rectified linear units|rectified_linear_units|rectifier|leaky relu|leaky_relu|leakyrelu",
    ("ACT", "sigmoid"): "sigmoid|sigmoide|logistic",
    ("ACT", "tanh"): "tanh|hyperbolic tangent|hyperbolic_tangent|tangente iperbolica|tangente_iperbolica",
    ("ACT", "gelu"): "gelu",
    ("ACT", "elu"): "elu",
    ("ACT", "silu"): "silu|swish",
    (
        "UPSAMPLE",
        "upsample",
    ): "upsampling|upsample|upsampling2d|nearest neighbor upsampling|nearest_neighbor_upsampling|nearest neighbour upsampling|nearest_neighbour_upsampling|bilinear upsampling|bilinear_upsampling|sovracampionamento|sobremuestreo",
    (
        "ACT",
        "local_response_norm",
    ): "lrn|local response normalization|local_response_normalization|local response normalisation|local_response_normalisation",
    (
        "Q",
        "output",
    ): "size of the convolved image|size of the convolved output|convolved image size|size of the pooled image|size of the pooled map|size of the pooled feature map|dimensions of the convolved image|final dimensions|dimensiones finales|dimensioni finali|size at the end|spatial size at the end|size of the result|resulting spatial size|shape at the end|dimensions at the end|output size|output shape|output dimension|output dimensions|output volume|output volume size|output volume shape|output volume dimension|output volume dimensions|output resolution|size of the output|shape of the output|dimension of the output|dimensions of the output|size of the output volume|dimensions of the output volume|shape of the output volume|output tensor shape|output tensor size|output tensor|output spatial size|output spatial dimension|output spatial dimensions|spatial size of the output|spatial dimension of the output|spatial dimensions of the output|spatial output size|output feature map size|output feature map dimension|output feature map dimensions|output feature map shape|size of the output feature map|size of the output feature maps|size of the feature map|size of the feature maps|feature map size|feature map sizes|feature map dimension|feature map dimensions|size of the resulting feature map|size of the resulting feature maps|resulting feature map|resulting feature maps|resulting size|resulting shape|resulting dimension|resulting dimensions|resulting volume|resulting output|dimension of the feature map|dimension of the feature maps|dimensions of the feature map|dimensions of the feature maps|dimension of the output feature map|dimension of the output feature maps|dimensions of the output feature map|dimensions of the output feature maps|shape of the feature map|shape of the feature maps|shape of the output feature map|shape of the output feature maps|size of output|shape of output|spatial size of the feature map|spatial size of the feature maps|new size|new spatial size|new shape|new dimension|new dimensions|new volume|output map size|size of the output map|size of the output maps|output matrix size|output matrix|size of the output matrix|output feature map|output feature maps|output height and width|output width and height|output width|output height|output side|height and width of the output|width and height of the output|size of the output image|output image size|output length|length of the output|final size|final shape|final output size|final output shape|final feature map size|final output|final spatial size|final dimension|final volume|output activation size|output activation volume|output shapes|shape after|size after|sizes after|dimension after|dimensions after|what size|what shape|which size|which shape|what dimension|what dimensions|how big is the output|how large is the output|how big|what comes out|comes out|what size comes out|activation shape|activation dimension|activation dimensions|activation size|activation volume|activation map size|size of the activation map|size of the activation maps|dimension of the activation map|dimension of the activation maps|dimensions of the activation map|dimensions of the activation maps|output maps size|resulting activation map|resulting activation maps|dimensionality of the output|output dimensionality|size of the resulting volume|size of the resulting output|shape of the resulting tensor|resulting tensor|size of the resulting image|dimension of the resulting volume|dimensions of the resulting volume|downsampled layer|size of the downsampled layer|size of the activation volume|dimensione dell output|dimensioni dell output|dimensione di output|dimensioni di output|dimensione output|dimensioni output|dimensione dell uscita|dimensioni dell uscita|dimensione di uscita|dimensioni di uscita|dimensione del volume di output|dimensioni del volume di output|dimensione del volume di uscita|dimensioni del volume di uscita|dimensione del volume in uscita|dimensioni del volume in uscita|dimensione dell output volume|dimensioni dell output volume|output ha dimensione|output ha dimensioni|forma dell output|forma di output|forma dell uscita|dimensione della mappa|dimensioni della mappa|dimensione della mappa di uscita|dimensioni della mappa di uscita|dimensione della feature map|dimensioni della feature map|dimensione della feature map di uscita|dimensioni della feature map di uscita|dimensione delle mappe|dimensioni delle mappe|dimensione delle feature map|dimensioni delle feature map|volume di output|volume di uscita|volume in uscita|dimensione finale|dimensioni finale|dimensione finali|dimensione spaziale dell output|dimensione spaziali dell output|dimensioni spaziale dell output|dimensioni spaziali dell output|dimensione della mappa di output|dimensioni della mappa di output|dimensione dell output finale|dimensioni dell output finale|dimensione in uscita|dimensioni in uscita|dimensione delle mappe di caratteristiche|dimensioni delle mappe di caratteristiche|quanto e grande l output|quanto e grande l uscita|quanto misura l uscita|forma del tensore di output|forma del tensore di uscita|dimensione risultante|dimensioni risultante|mappa risultante|tamano de salida|tamano de la salida|tamanos de salida|forma de salida|forma de la salida|dimension de salida|dimension de la salida|dimensiones de salida|dimensiones de la salida|volumen de salida|tamano del volumen de salida|dimensiones del volumen de salida|forma del mapa de salida|tamano del mapa de salida|tamano del mapa de caracteristicas|tamano de los mapas de caracteristicas|dimensiones del mapa de caracteristicas|mapa de salida|tamano final|tamano resultante|forma del tensor de salida|tamano espacial de la salida|tamano espacial|dimensiones espaciales de la salida|forma final|tamano del mapa de activacion|que tamano tiene la salida|que tamano tendra la salida|out shape|tamano de la imagen de salida|dimensiones de la imagen de salida|taille de sortie|taille de la sortie|tailles de sortie|tailles de la sortie|forme de sortie|forme de la sortie|dimension de sortie|dimension de la sortie|dimensions de sortie|dimensions de la sortie|volume de sortie|forme de la carte de sortie|taille de la carte de sortie|taille du volume de sortie|dimensions de la carte de caracteristiques|forme du tenseur de sortie|carte de sortie|ausgabegrosse|ausgabeform|grosse der ausgabe|form der ausgabe|welche form hat die ausgabe|ausgabedimension|output grosse|ausgabe|tamanho da saida|tamanho de saida|formato da saida|formato do mapa de saida|dimensao da saida|dimensoes da saida|forma da saida|mapa de saida|volume de saida|输出大小|输出尺寸|输出形状|输出特征图大小|输出特征图尺寸|输出特征图的大小|输出特征图的尺寸|输出的大小|输出的尺寸|输出维度|输出图像大小|特征图大小|特征图尺寸|输出特征图|输出图片大小|输出是多大|размер выхода|размерность выхода|размер выходной карты|выхода|выход",
    (
        "Q",
        "params",
    ): "parameter|parameters|param|params|number of parameters|parameter count|trainable parameter|trainable parameters|learnable parameter|learnable parameters|free parameter|free parameters|independent parameter|independent parameters|trainable params|trainable weights and biases|learned parameter|learned parameters|learning parameters|model parameters|parameters to learn|parameters to train|parameters to optimise|parameters to optimize|parameter number|adjustable parameters|total params|tunable parameters|network parameters|model size in parameters|weights and biases|weights plus biases|weights with biases|parameters in total|param count|parametro|parametri|parametro addestrabile|parametro addestrabili|parametri addestrabile|parametri addestrabili|parametri apprendibili|parametri da apprendere|parametri allenabili|parametri liberi|numero di parametri|parametri totali|pesi e bias|pesi piu bias|parametri apprendibile|parametros|parametros entrenables|parametros aprendibles|parametros a aprender|parametros totales|parametros libres|numero de parametros|pesos y sesgos|pesos mas sesgos|pesos y bias|parametre|parametres|parametres a apprendre|parametres entrainables|nombre de parametres|parametres apprenables|parameteranzahl|parametern|trainierbare parameter|anzahl der parameter|parametro treinaveis|parametros treinaveis|parametros aprendiveis|参数|参数量|参数个数|参数数量|可训练参数|可学习参数|训练参数|个参数|параметров|параметры",
    (
        "Q",
        "weights",
    ): "weight|weights|connection weight|connection weights|number of weights|kernel weights|weight count|peso|pesi|numero di pesi|pesos|numero de pesos|poids|gewichte|权重|权重数|весов|synaptic weights|shared weights",
    (
        "QB",
        "biases",
    ): "number of biases|how many biases|quanti bias|numero di bias|cuantos sesgos|numero de sesgos|biases|sesgos|biais",
    (
        "Q",
        "macs",
    ): "mac|macs|multiply accumulate|multiply accumulates|multiply accumulate operation|multiply accumulate operations|multiply add|multiply adds|mult adds|madds|multiply and accumulate operations|multiply accumulations|operazioni mac|operaciones mac|multiplicaciones y acumulaciones|multiply add operations|乘加运算|乘加次数|乘累加|moltiplicazioni e accumuli|moltiplicazioni accumulo|multiplicacion acumulacion",
    (
        "Q",
        "mults",
    ): "multiplication|multiplications|multiplies|number of multiplications|scalar multiplications|multiplication operations|moltiplicazione|moltiplicazioni|multiplicacion|multiplicaciones|multiplikation|multiplikationen|multiplicacao|multiplicacoes|乘法|乘法次数|乘法运算|multiply operations",
    (
        "Q",
        "flops",
    ): "flop|flops|floating point operation|floating point operations|mflops|gflops|operazioni in virgola mobile|operaciones de punto flotante|operaciones en punto flotante|浮点运算|浮点运算次数|计算量|operations in floating point",
    (
        "Q",
        "field",
    ): "receptive field|receptive fields|receptive field size|size of the receptive field|effective receptive field|rf|field of view|theoretical receptive field|receptive field width|campo recettivo|campo recettivi|campi recettivo|campi recettivi|campo ricettivo|campo ricettivi|campi ricettivo|campi ricettivi|dimensione del campo recettivo|dimensione del campo ricettivo|campo receptivo|campos receptivos|tamano del campo receptivo|champ receptif|champ receptifs|champs receptif|champs receptifs|champ recepteur|rezeptives feld|rezeptive feld|感受野|感受野大小|рецептивное поле",
    (
        "Q",
        "connections",
    ): "connection|connections|number of connections|connessioni|numero di connessioni|conexiones|numero de conexiones|connexions|verbindungen|conexoes|连接|连接数|synapses|links",
    (
        "Q",
        "neurons",
    ): "how many values are in the output|how many values does the output have|how many numbers are in the output|how many elements are in the output|how many elements does the output have|number of elements in the output|number of values in the output|how many output numbers|quanti valori ha l uscita|quanti valori ha l output|cuantos valores tiene la salida|cuantos elementos tiene la salida|quanti elementi ha l output|number of neurons|how many neurons|how many units|number of units|number of activations|how many activations|output activations|total output activations|numero di neuroni|quanti neuroni|cuantas neuronas|numero de neuronas|combien de neurones|wie viele neuronen|quantos neuronios|quante unita|cuantas unidades|total activations|activation count|how many output values|how many output neurons|total output elements|how many output activations|number of output neurons|quante attivazioni|cuantas activaciones|number of output activations|how many nodes|output elements|numero de activaciones|numero di attivazioni",
    (
        "Q",
        "memory",
    ): "memory|memory usage|memory footprint|memory requirement|memory requirements|memory consumption|how much memory|bytes|kilobytes|megabytes|kb|mb|kib|mib|ram|storage|memoria|memoire|speicher|speicherbedarf|内存|显存|how many bytes|how many megabytes|quanti byte|cuantos bytes|storage size|quanta memoria|cuanta memoria|byte",
    (
        "Q",
        "fan_in",
    ): "fan in|inputs per neuron|fan in of|connections per neuron|weights per neuron|connections of every neuron|connections of each neuron|inputs to each neuron|connessioni per neurone|pesi per neurone|conexiones por neurona|pesos por neurona|incoming connections per neuron|weights does each neuron have|connections does each neuron have|connections to the input|weights in each neuron|weights has each neuron|weights of each neuron",
    ("Q", "fan_out"): "fan out|fan out of",
    (
        "Q",
        "padded",
    ): "padded size|size after padding|padded input size|dimension after padding|dimensions after padding|shape after padding|padded dimension|padded dimensions|padded volume|padded input|padded image|size of the padded input|size of the padded image|dimensione dopo il padding|tamano despues del padding|tamano con padding|dimensione con padding|tamano tras el relleno",
    (
        "Q",
        "features",
    ): "how many features enter|how many features enter the first linear|quante feature entrano|quante feature entrano nel|quante feature riceve|feature in ingresso al|cuantas caracteristicas entran|cuantas features entran|how many inputs does the first linear|how many inputs does the first dense|how many inputs does the dense layer|how many input features|number of input features|how many features|quante feature|cuantas caracteristicas|input size of the linear|input size of the first linear|flattened features|flattened size|flatten size|flattened vector|size of the flattened vector|length of the flattened vector|flattened length|flattened output size|in_features|input features of the linear|flattened dimension|features after flattening|size after flattening|length after flattening|flattened feature vector|number of features after flatten|input neurons|flatten output size|features after flatten|inputs of the first linear|inputs to the first linear|inputs to the first dense|feature dopo il flatten|dimensione dopo il flatten|dimensione del vettore appiattito|lunghezza del vettore appiattito|caracteristicas tras aplanar|tamano despues de aplanar|tamano tras aplanar|longitud del vector aplanado|tamano del vector aplanado|展平后|展平后的大小|length of the feature vector|elements after flattening|vector length after flattening|how many values after flattening|units after flattening|elements in the flattened vector|size of flattened vector|dimension of the flattened vector|in features",
    (
        "Q",
        "kernel_shape",
    ): "kernel dimensions|weight shape|shape of the weight|shape of the weights|shape of the weight tensor|weight tensor shape|filter dimensions|kernel tensor shape|размерность весов|forma dei pesi|forma de los pesos|weight matrix shape|shape of the kernel tensor|shape of the weight matrix|forma del tensore dei pesi|size of the weight tensor|dimensions of the weight tensor|filter tensor shape",
    ("Q", "im2col"): "im2col|x_col|w_row|im2col matrix|im2col matrices|column matrix",
    (
        "Q",
        "nontrainable",
    ): "non trainable parameter|non trainable parameters|non trainable params|nontrainable parameters|non trainable|parametri non addestrabili|parametros no entrenables|non trainables",
    (
        "Q",
        "jump",
    ): "effective stride|cumulative stride|total stride|jump|output stride|overall stride|stride effettivo|stride efectivo|total downsampling factor|downsampling factor",
    (
        "INV",
        "padding_q",
    ): "what must be the padding|what should be the padding|which must be the padding|what padding|which padding|how much padding|padding needed|padding required|padding is needed|padding is required|padding value|value of the padding|value of padding|padding needs|what amount of padding|what zero padding|which zero padding|how much zero padding|che padding|quale padding|quanto padding|que padding|que relleno|cuanto relleno|cuanto padding|cual es el padding|cual es el relleno|qual e il padding|what value of padding|what is the padding|what should the padding be|what must the padding be|valore del padding|valor del padding|valor de padding|padding should be used|padding must be used|padding should we use|padding do we need|padding do you need|de cuanto debe ser el relleno|de cuanto debe ser el padding|quel padding|welches padding|需要多少填充|padding应该是多少|填充多少|padding serve|padding bisogna usare|padding occorre|relleno se necesita|padding se necesita",
    (
        "INV",
        "stride_q",
    ): "what must be the stride|what should be the stride|what stride|which stride|what is the stride|which value of stride|what value of stride|che stride|quale stride|que stride|que paso|cual es el stride|cual es el paso|qual e lo stride|qual e il passo|quale passo|what must the stride be|what should the stride be|stride was used|stride is needed|stride must be used|valore dello stride|valor del stride|stride应该是多少|quel stride",
    (
        "INV",
        "kernel_q",
    ): "what must be the kernel size|what should be the kernel size|what must be the filter size|what should be the filter size|what kernel size|which kernel size|what filter size|which filter size|what is the kernel size|what is the filter size|what size of kernel|what size kernel|what size filter|which kernel|che kernel|quale kernel|quale dimensione del kernel|che dimensione del kernel|che dimensione ha il kernel|que tamano de kernel|que tamano de filtro|que kernel|cual es el tamano del kernel|cual es el tamano del filtro|qual e la dimensione del kernel|qual e la dimensione del filtro|kernel width|what must the kernel size be|kernel size is needed|kernel size was used|que tamano tiene el kernel|quanto e grande il kernel|filter size was used|what should the kernel size be|tamano de kernel se uso",
    (
        "INV",
        "input_q",
    ): "what input size|which input size|what was the input size|input size is needed|what is the input size|how large must the input be|how large was the input|how big must the input be|how big was the input|dimensione dell ingresso serve|quale dimensione di input|che dimensione di input|que tamano de entrada|cual era el tamano de entrada|quale dimensione deve avere l input|what must the input size be|what size must the input be|what size was the input|how big should the input be|how large should the input be",
    (
        "INV",
        "inch_q",
    ): "how many input channels|what number of input channels|what is the number of input channels|what is the input depth|quanti canali di ingresso|quanti canali di input|quanti canali in ingresso|quanti canali ha l input|cuantos canales de entrada|how many channels does the input have|how many channels has the input|how many channels did the input have|quanti canali aveva l input|cuantos canales tiene la entrada|cuantos canales tenia la entrada|how many channels had the input|number of input channels does that imply",
    (
        "INV",
        "filters_q",
    ): "how many filters|how many kernels|number of filters needed|how many output channels|quanti filtri|quanti kernel|cuantos filtros|cuantos kernels|how many feature maps|quante feature map|quante mappe|cuantos mapas|cuantos mapas de caracteristicas|how many output feature maps|quanti canali di uscita|cuantos canales de salida|多少个卷积核|多少个滤波器|how many activation maps|combien de filtres|combien de cartes",
    (
        "INV",
        "depth_q",
    ): "how many layers|how many layers are needed|how many layers do you need|how many layers do we need|quanti strati|quanti layer|quanti strati servono|cuantas capas|cuantas capas se necesitan|combien de couches|多少层|minimum number of layers|how many such layers|how many stacked|numero minimo di strati|numero minimo de capas|how deep must|smallest number of layers|how many stacked layers",
    (
        "INPUTS",
        None,
    ): "inputs|input unit|input units|input neuron|input feature|input features|input node|input nodes|input variables|input values|ingressi|neuroni di input|neuroni di ingresso|neuroni in ingresso|unita di input|feature di input|features di input|feature in ingresso|nodi di input|valori di ingresso|entradas|neuronas de entrada|unidades de entrada|nodos de entrada|entrees|neurones d entree|eingange|eingangen|eingabeneuronen|neuronios de entrada",
    (
        "BIT",
        None,
    ): "bit|bits|bit float|bit floats|bit floating point|bit floating point numbers|bit integers|bit precision|bit numbers|bit virgola mobile|bits en coma flotante|bit number",
    (
        "INPUT",
        None,
    ): "latent vector|noise vector|random vector|vector|vettore|vettore latente|input vector|vector latente|input|input image|input images|input volume|input picture|input pictures|input tensor|input map|input feature map|input matrix|input shape|input size|input dimension|input dimensions|input data|input of size|input layer|image|images|picture|pictures|photo|photos|photograph|image patch|frame|volume|volume of activations|input activation|tensor|matrix|input signal|signal|input_shape|input_size|input_dim|images of size|input sequence|sequence|thumbnail|scan|mammogram|slice image|ingresso|immagine|immagini|immagine di ingresso|immagini di ingresso|immagine di input|immagini di input|immagine in ingresso|immagini in ingresso|immagine in input|immagini in input|volume di ingresso|volume di input|volume in input|volume in ingresso|tensore di input|tensore di ingresso|tensore in ingresso|tensore in input|tensore|matrice|matrice di input|dimensione di input|dimensione dell input|segnale|entrada|imagen|imagenes|imagen de entrada|imagenes de entrada|volumen|volumen de entrada|tensor de entrada|matriz|matriz de entrada|tamano de entrada|mapa de atributos de entrada|mapa de caracteristicas de entrada|senal|entree|image d entree|images d entree|volume d entree|tenseur d entree|carte de caracteristiques|carte de caracteristiques d entree|carte d entree|matrice d entree|eingabe|eingabe feature map|eingabebild|bild|eingang|eingabevolumen|input bild|eingabegrosse|imagem|imagem de entrada|volume de entrada|mapa de recursos|mapa de caracteristicas|输入|输入图片|输入图像|图片|图像|输入特征图|特征图|输入尺寸|输入大小|输入数据|изображение|вход",
    (
        "MAPS",
        None,
    ): "feature map|feature maps|activation map|activation maps|map|maps|output map|output maps|featuremap|featuremaps|response map|response maps|feature plane|feature planes|mappa|mappe|mappa delle caratteristiche|mappe delle caratteristiche|mappa di caratteristiche|mappe di caratteristiche|mappa di attivazione|mappe di attivazione|mapa|mapas|mapas de caracteristicas|mapa de activacion|mapas de activacion|mapa de atributos|mapas de atributos|carte|cartes|cartes de caracteristiques|cartes d activation|merkmalskarte|merkmalskarten|карта признаков|карте признаков",
    (
        "INMAPS",
        None,
    ): "input maps|input feature maps|mappe in ingresso|mappe di input|mappe di ingresso|mapas de entrada|input planes",
    (
        "FILTER",
        None,
    ): "filter|kernel|convolution filter|convolution filters|convolutional filter|convolutional filters|convolution kernel|convolution kernels|convolutional kernel|convolutional kernels|conv filter|conv filters|conv kernel|conv kernels|filter bank|mask|masks|window|windows|pool size|pool_size|pooling window|pool window|filter window|filter windows|kernel_size|kernel size|kernel sizes|filter size|filter sizes|filter width|filter dimension|kernel dimension|size of the kernel|size of the filter|size of the filters|window size|filter shape|pooling size|filtro|kernel convoluzionale|kernel convoluzionali|filtro convoluzionale|filtro convoluzionali|filtri convoluzionale|filtri convoluzionali|finestra|finestre|nucleo|nuclei|dimensione del kernel|dimensione del filtro|dimensione kernel|filtro convolucional|filtro convolucionales|filtros convolucional|filtros convolucionales|filtro convolucional 2d|filtro convolucionales 2d|filtros convolucional 2d|filtros convolucionales 2d|ventana|ventanas|tamano de kernel|tamano del kernel|tamano del filtro|tamano de filtro|filtre|filtre convolutif|filtre convolutifs|filtres convolutif|filtres convolutifs|noyau|taille de noyau|taille du noyau|fenetre|filtern|faltungsfilter|faltungskern|faltungskerne|faltungskernel|filtro convolucionais|filtros convolucionais|janela|tamanho do kernel|卷积核|滤波器|卷积核大小|滤波|过滤器|ядро|фильтр|фильтров|receptive field filter",
    ("FILTERS", None): "filters|kernels|filtri|filtros|filtres|noyaux|nucleos|kernels convoluzionali",
    (
        "CHANNELS",
        None,
    ): "channel|channels|deep|plane|planes|canale|canali|canal|canales|canaux|kanal|kanale|kanalen|canais|通道|通道数|каналов|colou channels|colour channels|color channel|color channels|colour channel|channel count|channel depth",
    ("DEPTH", None): "depth|profondita|profundidad|profondeur|tiefe|profundidade|深度|number of channels|depth of",
    (
        "INCH",
        None,
    ): "input channel|input channels|in channel|in channels|in_channels|input depth|incoming channel|incoming channels|input plane|canale di input|canali di input|canale di ingresso|canali di ingresso|canale in ingresso|canali in ingresso|canale in input|canali in input|canal de entrada|canales de entrada|canaux d entree|eingangskanal|eingangskanale|eingabekanal|eingabekanale|eingangskanalen|eingabekanalen|canais de entrada|输入通道|输入通道数|number of input channels|numero di canali di ingresso|c_in",
    (
        "OUTCH",
        None,
    ): "output channel|output channels|out channel|out channels|out_channels|output depth|number of filters|number of kernels|output plane|output planes|no of filters|output feature planes|canale di output|canali di output|canale di uscita|canali di uscita|canale in uscita|canali in uscita|canale in output|canali in output|canal de salida|canales de salida|canaux de sortie|ausgangskanal|ausgangskanale|ausgabekanal|ausgabekanale|ausgangskanalen|ausgabekanalen|canais de saida|输出通道|输出通道数|numero di filtri|numero de filtros|nombre de filtres|c_out",
    (
        "IOCH",
        None,
    ): "input and output channel|input and output channels|channels in and out|in and out channel|in and out channels|canales de entrada y salida|canali di ingresso e uscita|canali in ingresso e in uscita|canali di input e output|canales de entrada y de salida|input and output channels both|channels throughout|channels in both input and output|channels everywhere|input and output depth",
    (
        "UNITS",
        None,
    ): "neuron|neurons|unit|units|node|nodes|hidden unit|hidden units|hidden neuron|hidden neurons|hidden node|hidden nodes|output unit|output units|output neuron|output neurons|output node|output nodes|neurone|neuroni|neurone nascosti|neuroni nascosti|neurone di output|neuroni di output|neurone di uscita|neuroni di uscita|unita|nodo|nodi|neurona|neuronas|neurona oculta|neurona ocultas|neuronas oculta|neuronas ocultas|neurona de salida|neuronas de salida|unidad|unidades|nodos|neurones|unite|unites|neuronen|einheit|einheiten|knoten|neuronio|neuronios|unidade|神经元|neurones caches|unidades ocultas|个神经元|dense units",
    (
        "OUTPUTS",
        None,
    ): "输出|output|outputs|output class|output classes|uscita|uscite|salida|salidas|sortie|sorties|saida|saidas|ausgange|target classes",
    (
        "CLASSES",
        None,
    ): "class|classes|category|categories|classi|clase|clases|klassen|classe|labels|digit classes|类别|类|object classes|object categories",
    (
        "HIDDEN",
        None,
    ): "hidden layer|hidden layers|hidden|strato nascosto|strato nascosti|strati nascosto|strati nascosti|capa oculta|capa ocultas|capas oculta|capas ocultas|oculta|ocultas|couche cachee|couche cachees|couches cachee|couches cachees|livello nascosto|livello nascosti|livelli nascosto|livelli nascosti|versteckte schicht|versteckte schichten|camada oculta|camada ocultas|camadas oculta|camadas ocultas|nascosto|nascosti|nascosta|nascoste|隐藏层",
    (
        "OUTLAYER",
        None,
    ): "output layer|strato di output|strato di uscita|capa de salida|couche de sortie|ausgabeschicht|camada de saida|livello di uscita|classifier|classification layer|classificatore|clasificador|输出层",
    (
        "LAYER",
        None,
    ): "layer|layers|strato|strati|livello|livelli|capa|capas|couche|couches|schicht|schichten|camada|camadas|层|一层|stage|stages|слой",
    (
        "NET",
        None,
    ): "network|networks|net|nets|cnn|cnns|convnet|convnets|model|models|neural network|neural networks|convolutional neural network|convolutional neural networks|convolutional network|convolutional networks|conv net|conv nets|architecture|architectures|stack|pipeline|rete|reti|rete neurale|reti neurali|rete convoluzionale|rete neurale convoluzionale|modello|modelli|architettura|red|redes|red neuronal|red neuronal convolucional|red convolucional|modelo|modelos|arquitectura|reseau|modele|netz|netzwerk|modell|rede|arquitetura|网络|模型|сеть|encoder|decoder|generator|classifier network|tower|head|backbone|stem",
    (
        "MLP",
        None,
    ): "mlp|softmax regression|multinomial regression|multinomial logistic regression|logistic regression|linear classifier|linear regression|regressione multinomiale|regressione logistica|regressione softmax|regresion multinomial|regresion logistica|regresion softmax|classificatore lineare|clasificador lineal|multilayer perceptron|multi layer perceptron|feedforward|feed forward|feedforward network|feed forward network|feedforward neural network|feedforward net|perceptron|perceptron multicapa|perceptrone|percettrone|percettrone multistrato|dense network|fully connected network|fully connected neural network|fully connected net|dense net|rete fully connected|rete feedforward|rete densa|red feedforward|red densa|red totalmente conectada|rete completamente connessa|rete feed forward|red neuronal densa|ann|全连接网络|red neuronal totalmente conectada",
    (
        "STRIDE",
        None,
    ): "stride|strides|stride length|step size|passo|passi|paso|pasos|pas|foulee|schrittweite|passada|步长|步幅|stride of|strided|шаг|strides of|pool_stride|salto",
    (
        "PAD",
        None,
    ): "padding|paddings|pad|pads|padded|zero padding|zero padded|zeropadding|zero pad|amount of padding|padding amount|padding size|riempimento|imbottitura|relleno|rellenos|rembourrage|marge|bourrage|auffullung|preenchimento|填充|zero padding of|relleno de ceros|relleno con ceros|padding di zeri|padding con zeri|border padding|symmetric padding|паддинг|zeros around the border|border of zeros|pixels of padding|pixel of padding|pixel padding|rows of zeros|zero border",
    ("OUTPAD", None): "output padding|output_padding",
    (
        "DILATION",
        None,
    ): "rate|rates|dilation rates|dilation factors|dilation|dilation rate|dilation_rate|dilation factor|dilated|atrous|atrous rate|dilations|dilatazione|fattore di dilatazione|dilatato|dilatata|dilatacion|dilataciones|dilatada|dilatadas|factor de dilatacion|tasa de dilatacion|taux de dilatation|空洞率|空洞|dilatation|膨胀率|扩张率",
    ("GROUPS", None): "group|groups|gruppi|gruppo|grupo|grupos|groupe|groupes|gruppen|分组",
    (
        "BIAS",
        None,
    ): "bias|bias term|bias terms|bias parameter|bias parameters|bias weight|sesgo|bias terme|бias|偏置|termini di bias|termino de sesgo|terminos de sesgo|vies|vieses",
    (
        "BATCH",
        None,
    ): "batch size|batch|batch of|mini batch|mini batch of|minibatch|minibatch of|batch_size|lote|dimensione del batch|batch di|tamano de lote|lote de|batch de|批大小",
    (
        "SIZE",
        None,
    ): "size|sizes|shape|shapes|dimension|dimensions|spatial size|spatial dimension|spatial dimensions|resolution|height and width|width and height|side|sized|of size|spatial extent|extent|pixels by|spatial resolution|dimensione|dimensioni|dimensione spaziale|dimensioni spaziali|grandezza|tamano|tamanos|dimensiones|forma|taille|tailles|grosse|große|grosse von|form|tamanho|formato|大小|尺寸|形状|размер|размером|lato|lado|de tamano|di dimensione|di dimensioni",
    ("HEIGHT", None): "height|altezza|altura|alto|hauteur|hohe|高|高度",
    ("WIDTH", None): "width|wide|larghezza|ancho|anchura|largeur|breite|largura|宽|宽度|cols|columns wide",
    (
        "LENGTH",
        None,
    ): "length|timesteps|time steps|long|lunghezza|longitud|longueur|lange|comprimento|长度|samples long|steps",
    ("PIXELS", None): "pixel|pixels|px|pixeles|piksel|像素|pels",
    (
        "FEATURES",
        None,
    ): "features|feature|caratteristiche|caracteristicas|attributes|features per timestep|variables|predictors|variabili",
    (
        "SAME",
        None,
    ): "same|same padding|padding same|half padding|preserving size|size preserving|keeping the size|keeps the size|keeps spatial size|keeping the spatial size|preserving the spatial size|preserves the size|padded to keep the size|padded to keep the same size|padded to preserve the size|padding to preserve size|that preserves spatial size|that preserves the spatial size|preserving resolution|保持尺寸|保持大小|mantenendo la dimensione|che mantiene la dimensione|conservando el tamano|que conserva el tamano|manteniendo el tamano|con padding same|auto_pad same|same size padding|relleno same",
    (
        "VALID",
        None,
    ): "valid|valid padding|padding valid|valida|valide|valido|modalita valid|unpadded|con padding valid|relleno valid|validas",
    ("NONSQUARE", None): "non square|non quadrata|non quadrato|no cuadrada|nonsquare",
    (
        "KEEPS",
        None,
    ): "keep the size|keep the same size|keeps the same size|keep the output size|preserve the size|preserve the spatial size|preserve the input size|keep the spatial size|keep the input size|same size as the input|same spatial size as the input|same spatial dimensions as the input|same dimensions as the input|same output size|same output size as the input|same height and width as the input|output the same size as the input|output size equal to the input size|keep the spatial dimensions|keep the spatial dimensions unchanged|keep the dimensions|keep the resolution|preserve the resolution|preserve the spatial dimensions|preserve spatial dimensions|preserve spatial size|maintain the size|maintain the same size|maintain the spatial size|maintain the spatial dimensions|leaves the size unchanged|leave the size unchanged|size unchanged|output has the same size|output to have the same size|mantenere la dimensione|mantenere la stessa dimensione|mantenere invariata la dimensione|conservare la dimensione|conserva la dimensione|mantiene la dimensione|mantenere le dimensioni|mantenere le dimensioni spaziali|stessa dimensione dell input|stessa dimensione dell ingresso|stesse dimensioni dell input|stesse dimensioni dell ingresso|stessa dimensione|l uscita abbia la stessa dimensione|mantener el tamano|mantener el mismo tamano|conservar el tamano|preservar el tamano|mantenga el tamano|mantenga el mismo tamano|conserve el tamano|mismo tamano que la entrada|mismas dimensiones que la entrada|mismo tamano de la entrada|mismo tamano",
    (
        "FITS",
        None,
    ): "can stride|does stride|does it fit|fit exactly|fits exactly|does the stride fit|is it valid|is stride|is a stride of|does the filter fit|do the neurons fit|si puo usare|si puo usare lo stride|se puede usar|se puede usar un stride|encaja|entra esattamente|can we use stride|can we use a stride of|works with stride|is the stride valid|is this stride valid|is this a valid configuration|possible to use stride|is it possible to use stride",
    (
        "UNSHARED",
        None,
    ): "did not share weights|does not share weights|do not share weights|without weight sharing|no weight sharing|without parameter sharing|no parameter sharing|weights are not shared|weights were not shared|parameters are not shared|parameters were not shared|not share weights|not share parameters|unshared weights|unshared|untied weights|untied|senza condivisione dei pesi|senza condivisione dei parametri|senza pesi condivisi|non condivide i pesi|non condividesse i pesi|non condividessero i pesi|sin compartir pesos|sin compartir los pesos|sin pesos compartidos|sin parametros compartidos|no compartiera pesos|no compartiera los pesos|did not use parameter sharing|without sharing weights|without sharing parameters|weights not shared|not shared",
    ("PATCH", None): "region|patch|area|neighborhood|neighbourhood|regione|zona|region of",
    (
        "NOPAD",
        None,
    ): "no padding|without padding|no zero padding|without zero padding|zero padding is not used|no pad|without any padding|padding is not used|not padded|senza padding|senza riempimento|nessun padding|niente padding|senza zero padding|padding nullo|sin padding|sin relleno|sin rellenos|sin zero padding|ningun relleno|no se agrega relleno|sans padding|sans marge|sans rembourrage|sans bourrage|kein padding|ohne padding|ohne auffullung|sem padding|sem preenchimento|无填充|不填充|不加填充|no border|padding none",
    (
        "WITHPAD",
        None,
    ): "with padding|with zero padding|con padding|con relleno|avec padding|mit padding|com padding|padding on|using padding|con zero padding",
    ("FULLPAD", None): "full padding|padding full|convoluzione full|convolucion full|modo full",
    ("CEIL", None): "ceil_mode|ceil mode|ceil rule|ceiling|rounding up|rounded up|ceil",
    ("FLOORMODE", None): "floor|floor rule|floor mode|rounding down|rounded down",
    (
        "NOBIAS",
        None,
    ): "no bias|no biases|without bias|without biases|without a bias|without bias terms|bias free|ignoring bias|ignoring biases|ignore bias|ignore biases|ignore the bias|ignore the biases|ignoring the bias|ignoring the biases|excluding bias|excluding biases|excluding the bias|neglecting bias|neglecting biases|neglect bias|neglect biases|no bias term|no bias terms|no bias anywhere|bias is not used|biases are not used|no bias is used|bias not counted|not counting bias|not counting biases|without counting bias|without counting biases|without the bias|without the biases|disregarding bias|bias excluded|biases excluded|bias ignored|biases ignored|disregard bias|disregard biases|disregard the bias|disregard the biases|omit bias|omit biases|omitting biases|omitting bias|do not count bias|do not count biases|no biases anywhere|senza contare i bias|senza contare il bias|non contando i bias|senza considerare i bias|senza considerare il bias|bias escluso|bias esclusi|senza bias|senza i bias|senza il bias|ignorando i bias|ignorando il bias|ignora i bias|ignora il bias|escludendo i bias|escluso il bias|esclusi i bias|trascurando i bias|trascurando il bias|nessun bias|non contare i bias|trascura i bias|sin considerar sesgos|sin considerar los sesgos|sin considerar el sesgo|sin tener en cuenta los sesgos|sin tener en cuenta el sesgo|sin contar bias|sin incluir sesgos|sin incluir los sesgos|sin sesgo|sin sesgos|sin bias|sin contar sesgos|sin contar los sesgos|sin contar el sesgo|ignorando los sesgos|ignorando el sesgo|ignora los sesgos|ignora el sesgo|excluyendo los sesgos|excluyendo sesgos|sin los sesgos|sin el sesgo|no sesgo|sans biais|ohne bias|sem bias|sem vies|不计偏置|不考虑偏置|无偏置|没有偏置|忽略偏置",
    (
        "WITHBIAS",
        None,
    ): "with bias|with biases|including bias|including biases|including the bias|including the biases|include bias|include biases|include the bias|include the biases|including bias parameters|including the bias parameters|bias included|biases included|counting bias|counting biases|counting the biases|with the biases|and bias included|with a bias|including bias terms|including all biases|including the bias terms|do not forget biases|do not forget the biases|do not forget bias|don t forget biases|don t forget the biases|don t forget the bias|bias counted|biases counted|plus bias|plus biases|one bias per filter|a bias per filter|one bias each|a bias each|with one bias|with one bias each|with one bias per filter|with one bias per kernel|with bias terms|biases too|bias too|bias as well|with one bias per output channel|one bias per output channel|each filter has a bias|each filter has one bias|every filter has a bias|a single bias per filter|one bias per map|bias inclusi|bias incluso|con bias|compresi i bias|compreso il bias|includendo i bias|includendo il bias|inclusi i bias|incluso il bias|con i bias|bias compresi|bias compreso|contando i bias|un bias per filtro|con un bias per filtro|con sesgo|con sesgos|incluyendo sesgos|incluyendo los sesgos|incluyendo el sesgo|incluidos los sesgos|incluido el sesgo|sesgos incluidos|sesgo incluido|contando los sesgos|contando sesgos|un sesgo por filtro|con un sesgo por filtro|con un sesgo por cada filtro|biais compris|avec biais|y compris les biais|biais inclus|mit bias|inklusive bias|einschliesslich bias|com bias|incluindo bias|incluindo vies|incluindo os vieses|含偏置|包括偏置|包含偏置|考虑偏置|加偏置",
    (
        "RGB",
        None,
    ): "rgb|colour|color|coloured|colored|a colori|en color|a color|en couleur|couleur|farbbild|colorida|colour image|彩色|color image|three colour channels",
    (
        "GREY",
        None,
    ): "grey|gray|grey scale|gray scale|greyscale|grayscale|monochrome|black and white|in scala di grigi|scala di grigi|scale di grigi|livelli di grigio|bianco e nero|en escala de grises|escala de grises|blanco y negro|niveaux de gris|graustufen|graustufenbild|tons de cinza|灰度|b w|single channel|one channel|un solo canale|un solo canal|mono channel|a singolo canale|de un canal|de un solo canal|canale singolo|ad un canale|monocanale",
    (
        "FIRSTAXIS",
        None,
    ): "channels first|channels_first|nchw|chw|channel first|canali per primi|canales primero|c h w|n c h w|pytorch layout",
    ("LASTAXIS", None): "channels last|channels_last|nhwc|hwc|channel last|h w c",
    ("KERAS", None): "keras|tf keras|tensorflow|tf|tf nn|keras layers",
    ("TORCH", None): "pytorch|torch|nn module",
    ("CAFFE", None): "caffe",
    (
        "THEN",
        None,
    ): "then|followed by|next|after that|afterwards|after which|followed|subsequently|and then|finally|feeding|feeds|fed to|fed into|goes into|goes to|passes through|and finally|which is followed by|is followed by|are followed by|leading to|poi|seguito da|seguita da|seguiti da|seguite da|quindi|dopo|infine|e poi|segue|seguono|seguito da un|luego|despues|seguido de|seguida de|seguido por|seguida por|y luego|entonces|finalmente|por ultimo|seguidas de|seguidos de|puis|suivi de|suivie de|suivie d|ensuite|enfin|dann|gefolgt von|danach|anschliessend|depois|em seguida|然后|接着|再|之后|最后|后接|接",
    (
        "VS",
        None,
    ): "with those of|with that of|with those for|to those of|to that of|con quelli di|con quello di|con los de|con las de|con el de|versus|vs|compared with|compared to|against|instead of|rather than|as opposed to|contro|rispetto a|invece di|al posto di|confronto|frente a|en lugar de|en vez de|comparado con|contra|au lieu de|gegenuber|statt|anstatt|im vergleich zu|em vez de|比较|相比|contre|invece che|comparada con|comparados con|en comparacion con|a confronto con|in confronto a|replaced by|replaced with|in place of",
    ("AND", None): "and|e|ed|y|und|et|和|与|及|plus|以及|as well as|加",
    ("OR", None): "or|oppure|oder|ou|或|或者",
    ("FROM", None): "from|da|desde|von|depuis",
    ("TO", None): "to|into|a|hasta|nach|vers|verso",
    (
        "ON",
        None,
    ): "on|over|onto|applied to|applied on|apply to|to an|to a|takes|take|takes as input|accepts|receives|gets|given|processes|su|su un|su una|sull|sulla|sullo|applicato a|applicata a|applicati a|applicate a|applicato ad|applicata ad|sobre|sobre una|aplicado a|aplicada a|aplica a|se aplica a|applique a|appliquee a|sur|auf|angewendet auf|em|acting on|run on|running on|operating on|across|fed with|sees|prende|riceve|recibe|toma|processing|slid over|slides over|sliding over|with images|con immagini|con imagenes",
    (
        "GIVES",
        None,
    ): "gives|give|yields|produces|produce|returns|restituisce|results in|giving|resulting in|producing|that produces|gives an output of|to get|to obtain|to produce|get|obtain|yielding|dando|produciendo|da como resultado|devuelve|resulta|para obtener|para producir|per ottenere|per produrre|ottenere|is reduced to|become|becomes|maps to|outputting|shrinks to|generates|generate",
    ("OF", None): "of|di|de|des|der|del|della|dello|degli|delle|dei|dell|d|du|do|das|of the|each of",
    (
        "WITH",
        None,
    ): "with|con|avec|mit|com|using|use|uses|used|has|have|having|usando|con l|utilizzando|tiene|ha|hanno|avec une|用|使用|采用|带有|contains|containing|contiene|consists of|consisting of|employs|composed of|made of|che usa|que usa|usa",
    (
        "THIS",
        None,
    ): "this|that|these|questo|questa|quest|este|esta|ese|esa|cette|ce|diese|dieser|dieses|该|这|such|said",
    ("FOR", None): "for|per|para|pour|fur|对于|if|se|si|wenn|when|quando|cuando",
    (
        "EACH",
        None,
    ): "each|every|each layer|per layer|every layer|for each layer|of each layer|for every layer|at each layer|layer by layer|after each layer|after every layer|at every layer|by layer|each stage|at each stage|after each stage|each step|after each step|after each operation|of each|for each|individually|respectively|step by step|ogni|ciascuno|ciascuna|per ogni strato|di ogni strato|ogni strato|per strato|ciascuno strato|di ciascuno strato|per ciascuno strato|dopo ogni strato|strato per strato|di ogni layer|ogni layer|per ogni layer|di ciascun layer|dopo ogni livello|ogni livello|cada|cada capa|de cada capa|por capa|para cada capa|en cada capa|capa por capa|cada una|tras cada capa|despues de cada capa|chaque|chaque couche|par couche|de chaque couche|apres chaque couche|jede|jeder|jedes|pro schicht|jeder schicht|cada camada|de cada camada|por camada|每一层|每层|每|各层|of all layers|for all layers|all layers|all the layers|di tutti gli strati|tutti gli strati|todas las capas",
    (
        "TOTAL",
        None,
    ): "total|in total|overall|altogether|whole|whole network|entire|entire network|of the whole net|of the whole network|of the network|in the network|of the entire network|in the whole network|in all|all together|combined|of the net|of the model|in the model|totale|totali|in totale|complessivamente|complessivo|complessivi|della rete|dell intera rete|nella rete|nel complesso|della rete intera|del modello|en total|totales|de la red|de toda la red|toda la red|del modelo|au total|totaux|du reseau|insgesamt|gesamt|gesamte|des netzes|no total|totais|da rede|总|总共|一共|总数|sum|tutta la rete|di tutta la rete|en toda la red|en la red|todo el modelo",
    (
        "LAST",
        None,
    ): "last|final|last layer|final layer|ultimo|ultima|ultimo strato|ultima capa|derniere|dernier|letzte|letzten|letzter|ultima camada|最后一层|deepest",
    (
        "NEXTLAYER",
        None,
    ): "next layer|the next layer|strato successivo|livello successivo|siguiente capa|capa siguiente|couche suivante|nachste schicht|proxima camada|下一层|subsequent layer",
    (
        "HOWMANY",
        None,
    ): "how many|how much|quanti|quante|quanto|quanta|cuantos|cuantas|cuanto|cuanta|combien|combien de|wie viele|wie viel|quantos|quantas|多少|几个|number of|the number of|total number of|numero di|il numero di|numero de|nombre de|anzahl|anzahl der|numero totale di|numero total de|count of|what number of|сколько|number of total|total count of|cantidad de|el numero de|numero complessivo di",
    (
        "WHAT",
        None,
    ): "what|which|what is|what are|qual|quale|quali|cual|cuales|que|quel|quelle|quels|quelles|was|welche|welcher|welches|wie|qual e|cosa|che|什么|是多少|how|how large|how wide|where|why|does|can|could|would|will|should|did|may|must|who|compute|calculate|find|determine|show|derive|state|write|write down|report|tell|list|work out|estimate|evaluate|consider|assume|assuming|suppose|suppose that|let|say|imagine|what s|what would|what does|calcola|calcolare|trova|trovare|determina|determinare|indica|scrivi|calcule|calcula|calcular|halla|hallar|encuentra|encontrar|indique|escribe|obtener|calculer|trouver|donner|donnez|berechne|berechnen|bestimme|qual o|quais|求|计算|为多少|请|问|какова|какой|каков|cual es|quanto e|quanto vale|quanto misura|quanto e grande|como|comment|por que|perche",
    (
        "TABLE",
        None,
    ): "fill in|fill|complete|complete the table|completare|completa|completar|complete la tabla|column|columns|colonna|colonne|columna|columnas|summary|model summary|rows|row by row|each row|table|tabella|tabla|per layer table",
    (
        "RELATION",
        None,
    ): "ratio|how many times|how much cheaper|cheaper|saved|saving|savings|difference|reduction|reduction factor|percentage|percent|share|lost|lose|relation|relacion|rapporto|differenza|diferencia|risparmio|ahorro|risparmiati|ahorran|factor|fattore|how many more|how many fewer|how much smaller|how much larger|fewer|more than|quanti in piu|quante in piu|quanti in meno|cuantos mas|cuantos menos|ratio of|compare|confronta|compara|comparar|confrontare|which has more|which has fewer|which is larger|which uses more|quale ha piu|cual tiene mas|share of|how many times more|how many times fewer|than|de cuanto|by how much|in che rapporto|比例|比值|倍",
    (
        "LABEL",
        None,
    ): "example|exercise|question|quiz|problem|task|part|esempio|esercizio|domanda|problema|ejemplo|ejercicio|pregunta|exemple|exercice|aufgabe|beispiel|exemplo|exercicio|figure|fig|interview|exam|parte|module|week|figura",
    ("BLOCK", None): "block|blocks|blocchi|blocco|bloque|bloques|bloc|blocs|modules|unit block",
    (
        "RESIDUAL",
        None,
    ): "residual|residual block|residual blocks|residual unit|res block|blocco residuo|blocchi residui|bloque residual|bloques residuales|bloc residuel|add input|adds the input|add the input|identity shortcut|shortcut connection|identity skip connection",
    (
        "EXPECTED",
        None,
    ): "i expected|i get|i got|i thought|i think|i calculated|i obtain|i obtained|i computed|is it|my answer is|my result is|mi viene|ottengo|ho ottenuto|pensavo|credo sia|obtengo|me da|me sale|yo obtuve|creo que es|j obtiens|je trouve|i think it is|should be|shouldn t it be|my friend says|a student says|the student says|someone says",
    ("COME", None): "come from|comes from|viene da|proviene|viene de|coming from",
    ("BE", None): "is|are|were|be|sono|ist|sind|es|son|sont|est|sao|equals|siano|sia|sea|sean|being",
    (
        "SOME",
        None,
    ): "some|several|various|alcuni|alcune|algunos|algunas|varios|varias|diversi|diverse|a few|quelques|plusieurs|einige|mehrere|alguns|algumas",
    (
        "BOUND",
        None,
    ): "at most|at least|up to|maximum|minimum|almeno|al massimo|al mas|como maximo|al menos|como minimo|no more than|less than|fewer than|au moins|au plus|mindestens|hochstens|no maximo|pelo menos|massimo|minimo|至少|最多",
    ("OUTW", None): "out",
    ("FOLLOWS", None): "follows|segue a|sigue a|viene dopo|comes after|viene despues de",
    ("NOT", None): "not|don t|doesn t|isn t|non|no|sin|sans|kein|keine|nicht|nao|不|didn t|without|senza",
    ("OLDER", None): "previous|preceding|precedente|anterior|vorherige",
    ("NUM", 0): "zero|cero",
    ("NUM", 1): "one|uno|eins",
    ("NUM", 2): "two|due|dos|deux|zwei|dois|duas|两|二",
    ("NUM", 3): "three|tre|tres|trois|drei|三",
    ("NUM", 4): "four|quattro|cuatro|quatre|vier|quatro|四",
    ("NUM", 5): "five|cinque|cinco|cinq|funf|五",
    ("NUM", 6): "six|sei|seis|sechs|六",
    ("NUM", 7): "seven|sette|siete|sept|sieben|sete|七",
    ("NUM", 8): "eight|otto|ocho|huit|acht|oito|八",
    ("NUM", 9): "nine|nove|nueve|neuf|neun|九",
    ("NUM", 10): "ten|dieci|diez|dix|zehn|dez|十",
    ("NUM", 11): "eleven|undici|onze|elf",
    ("NUM", 12): "twelve|dodici|doce|douze|zwolf|doze",
    ("NUM", 16): "sixteen|sedici|dieciseis",
    ("NUM", 20): "twenty|venti|veinte",
    ("NUM", 15): "fifteen|quindici|quince",
    ("NUM", 30): "thirty|trenta|treinta",
    ("NUM", 100): "hundred|cento|cien",
    ("NUM", 32): "thirty-two|trentadue",
    ("NUM", 64): "sixty-four|sessantaquattro",
    ("NUM", 13): "thirteen|tredici",
    ("NUM", 14): "fourteen",
    ("NUM", 18): "eighteen",
    ("NUM", 40): "forty",
    ("NUM", 50): "fifty|cinquanta|cincuenta",
    ("NUM", 60): "sixty",
    ("ORD", 1): "first|primo|prima|primer|primera|premier|premiere|erste|ersten|erster|primeiro|primeira|第一",
    ("ORD", 2): "second|secondo|seconda|segundo|segunda|deuxieme|zweite|zweiten|第二",
    ("ORD", 3): "third|terzo|terza|tercero|tercera|tercer|troisieme|dritte|dritten|terceiro|terceira|第三",
    ("ORD", 4): "fourth|quarto|quarta|cuarto|cuarta|quatrieme|vierte|第四",
    ("ORD", 5): "fifth|quinto|quinta|cinquieme|funfte|第五",
    ("ORD", 6): "sixth|sesto|sesta|sexto|sexta|第六",
    (
        "HAZ",
        None,
    ): "except|excluding|exclude|exclusive|unless|halved|half|halves|halving|double|doubled|doubles|doubling|twice|triple|tripled|thrice|removed|remove|removing|deleted|delete|lstm|gru|rnn|recurrent|recurrente|ricorrente|ricorrenti|recorrente|rekurrent|recurrentes|transformer|trasformatore|attention|heads|embedding|embeddings|tokens|token|vocabulary|capsule|gan-loss|graph|gnn|deformable|octave|winograd|fft|fourier|wavelet|circular|reflect|reflection|causal|sparse|sparsity|pruned|pruning|quantized|quantised|quantization|quantisation|compressed|gradient|gradients|backward|backprop|backpropagation|derivative|loss|accuracy|precision|recall|f1|epoch|epochs|learning-rate|momentum|optimizer|adam|sgd|regularization|entropy|seconds|second-s|milliseconds|latency|throughput|fps|price|dollars|euros|years|hours|minutes|gpu-hours|joules|watts|dozen|dozens|couple|pair|pairs|paio|coppia|pares|docena|dozzina|multiple|frozen|freeze|sum-of|squeeze|excitation|skip|shortcut|densenet-block|concatenated|concatenate|concat|added|addition|summed|inception|bottleneck|random|randomly|probability|variance|deviation|mean-value|median|eigenvalue|eigenvalues|overlap|overlapping|asymmetric|nonuniform|hexagonal|spherical|4d|escluso|esclusi|eccetto|tranne|dimezzato|dimezzata|raddoppia|raddoppiato|raddoppiata|doppio|doppia|triplo|rimosso|rimuovendo|excepto|salvo|mitad|doble|duplica|duplicar|eliminar|eliminando|moitie|sauf|ausser|halbiert|verdoppelt|perdita|accuratezza|gradiente|gradienti|perdida|minus|divided|modulo|squared-root|root|shared-across|tied|shuffle|shuffled|crop|cropped|cropping|ceil-ing|negative|fraction|fractional",
    ("ART", None): "an|un|una|une|ein|eine|einen|einem|einer|um|uma",
    ("P", None): "al|alla|allo|agli|alle|ai|en|in|at|by|im|au|aux|ad|nel|nella|sul",
    (
        "W",
        None,
    ): "the|it|its|as|been|am|i|we|you|he|she|they|me|us|our|your|their|there|here|so|too|also|just|only|any|all|both|now|whom|whose|those|but|because|since|while|off|down|about|after|before|between|during|through|one's|lets|please|assumes|homework|answer|answers|explain|explanation|shows|following|follow|below|above|called|named|says|apply|applied|applies|applying|pass|passed|passes|passing|taken|had|make|makes|made|need|needs|needed|want|wants|wanted|might|shall|done|come|comes|came|go|goes|going|simple|basic|standard|ordinary|usual|regular|typical|normal|plain|single|first-time|new|same-time|own|certain|particular|general|common|popular|famous|classic|classical|original|learning|neural|artificial|machine|computer|vision|way|pari|connects|connect|joins|reduces|reduce|reduced|riduce|transforms|transform|transforma|trasforma|turns|converts|end|dimension-ly|passa|si-passa|consecutive-ly|course|tutorial|student|teacher|lecture|notes|slide|slides|book|chapter|paper|article|blog|post|code|snippet|line|parts|a)|b)|c)|i.e|e.g|ie|eg|etc|pro|via|upon|under|within|inside|outside|along|around|each-other|very|really|exactly|precisely|correctly|carefully|directly|simply|separately|independently|together|total-ly|fully-ly|square|shaped|long-ish|large|small|big|tiny|little|high|low|tall|deep-ish|spatial|spatially|two-dimensional|2d|dimensional|dims|dim|value|values|number|numbers|result|results|resulting|operation|operations|op|ops|step|formula|rule|rules|computes|computed|calculated|work|worked|worker|understand|set|sets|type|types|kind|kinds|forms|case|cases|ways|time|times|thing|things|name|names|data|dataset|training|train|trained|test|sample|samples|element|elements|entry|entries|diagram|picture-ly|connected|connecting|attached|linked|stacked|stacking|consecutive|successive|sequential|sequentially|series|cascade|cascaded|chain|sequence-ly|row|layer's|network's|model's|filter's|image's|input's|learn|learned|learnable|learns|trainable|optimise|optimize|optimised|define|defined|defines|definition|describe|described|describes|known|know|knows|remember|note|notice|that's|it's|what's|there's|mnist|cifar|imagenet|fashion|coco|kitti|svhn|stl|datasets|digits|handwritten|digit|faces|face|cat|dog|car|cars|pedestrian|bird|animals|rectangular|squared|identical|equal|same-ish|different|default|defaults|setting|settings|configuration|config|hyperparameter|hyperparameters|argument|arguments|option|options|process|processed|feed|fed|produced|forward|inference|object|function|call|calls|method|return|returned|import|self|super|def|init|nn|hello|hi|thanks|thank|dear|help|hey|ok|okay|yes|well|right|correct|wrong|hint|tip|reminder|image-like|volume-like|currently|starting|start|starts|begin|begins|beginning|ends|ended|il|lo|la|gli|le|l|tra|fra|o|ma|chi|cui|dal|dallo|dalla|dai|dagli|dalle|dall|nello|nei|negli|nelle|nell|sui|sugli|sulle|col|essere|stato|stata|viene|vengono|abbia|abbiamo|ho|hai|avere|avente|aventi|ci|vi|ne|dove|mentre|allora|anche|ancora|solo|soltanto|sempre|tutto|tutti|tutte|ogni-volta|qualche|supponi|supponiamo|supponendo|considera|consideriamo|considerando|dato|dati|date|si-consideri|consideri|risposta|spiega|calcolo|calcolato|calcolata|applicato|applicata|applicati|applicare|applichiamo|usare|usiamo|utilizza|utilizzare|dare|diamo|avremo|otteniamo|ottiene|risulta|risultante|composta|composto|formata|costituita|questi|queste|quello|quella|stesso|stessa|stessi|stesse|altro|altra|primo-luogo|singolo|singola|semplice|quadrato|quadrata|quadrati|quadratica|totale-mente|impilate|impilati|consecutivi|sintetizzo|sintetizza|spaziale|spaziali|bidimensionale|seguente|seguenti|successivo|rete-neurale|entrano|entra|esce|escono|ingresso-ly|deve|devono|servono|serve|bisogna|occorre|vede|vedono|el|los|las|unos|unas|por|entre|u|pero|quien|cuyo|estan|ser|han|hay|tienen|tener|sus|les|nos|considere|supon|suponga|supongamos|suponiendo|dado|dada|dados|dadas|respuesta|explica|aplica|aplicamos|aplicado|aplicada|aplicar|aplicando|usar|utilizamos|utiliza|utilizando|pasa|obtiene|obtenemos|obtenido|resultante|compuesta|compuesto|formada|estos|estas|mismo|misma|mismos|mismas|otro|otra|tambien|cada-vez|todo|todos|todas|apiladas|apilados|apilar|consecutivas|cuadrado|cuadrada|cuadrados|sencilla|espacial|bidimensional|siguiente|siguientes|debe|deben|necesita|necesitan|hace|falta|donde|mientras|ahora|despues-de|imagenes-de|tenemos|tengo|queremos|quiero|sabiendo|sabe|cuenta|cuentan|dans|par|mais|qui|ont|etre|avoir|ces|sa|ses|leur|nous|vous|appliquee|applique|appliquer|soit|soient|donnee|donne|produire|obtenir|simplifie|utilise|utilisant|couche-ly|meme|sortie-ly|partir|die|den|dem|eines|aber|hat|haben|wird|werden|zu|zum|zur|vom|bei|aus|als|man|sich|nicht-ly|wie-ly|was-ly|welche-ly|angewendet|gegeben|seien|frage|eines-ly|schicht-ly|gegebene|os|uns|umas|na|nas|ao|aos|mas|quem|tem|ter|seja|estao|suponha|pergunta|executadas|agora|mesma|mesmo|antes|на|с|и|в|по|для|из|размера",
}
